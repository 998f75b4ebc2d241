// Tables of functions, callbacks with state, nested functions through trampolines.
// flags: -z execstack
#include <stdio.h>
#include <stdlib.h>

static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
static int mul(int a, int b) { return a * b; }
static int apply(int (*f)(int), int n) { return f(n) + f(n + 1); }

int main(void) {
    int (*table[])(int, int) = {add, sub, mul, add, mul}, r = 1;
    for (int i = 0; i < 50; i++) r = table[i % 5](r, i) % 10007;
    printf("%d\n", r);
    int offset = 100;
    int nested(int n) { return n + offset++; }
    printf("%d", apply(nested, 5));
    printf(" %d\n", offset);
}
