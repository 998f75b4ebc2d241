/* fib [N]: the N-th Fibonacci number by plain double recursion: nothing but calls and returns. */
#include "number.h"
#include <stdio.h>

/* Without these attributes GCC inlines several levels and turns the second call into a loop. */
__attribute__((noinline, noclone, optimize("no-optimize-sibling-calls", "no-inline"))) static unsigned long
fib(unsigned long n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv) {
    unsigned long n = number(argc, argv, 1, 34, 60);
    printf("fib(%lu) = %lu\n", n, fib(n));
    return 0;
}
