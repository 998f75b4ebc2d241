// setjmp in loops: values, volatile variables, out of deep recursion, floating-point registers.
#include <setjmp.h>
#include <stdio.h>

static jmp_buf outer, inner;
static void dive(int n) {
    volatile char pad[200];
    pad[n % 200] = n;
    if (n == 0) longjmp(outer, 7);
    dive(n - 1);
    pad[0]++;
}
static double keep(double a, double b) {
    volatile double x = a;
    if (setjmp(inner) == 0) {
        x = x * b;
        longjmp(inner, 0);
    }
    return x + a;
}

int main(void) {
    volatile int count = 0;
    int r = setjmp(outer);
    printf("%d %d\n", r, count);
    if (count++ < 3) dive(count * 100);
    printf("%g\n", keep(1.5, 4));
    for (volatile int i = 0; i < 5; i++) {
        jmp_buf here;
        int v = setjmp(here);
        if (v < i) longjmp(here, v + 1);
        printf("%d ", v);
    }
    puts("");
}
