/* hooked: functions to be hooked. It prints what they get and give. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#define APART __attribute__((noinline))

static jmp_buf home;

APART long sum10(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) {
    return a + b + c + d + e + f + g + h + 100 * i + 1000 * j;
}

APART double scale(double x, int times, double y) { return x * times + y; }

APART const char *greet(const char *name) {
    printf("hello, %s\n", name);
    return name;
}

APART long depth(long n) {
    if (n == 0)
        return 0;
    long rest = depth(n - 1);
    /* Or else it is made a loop. */
    __asm__ volatile("" : "+r"(rest));
    return rest + 1;
}

APART void leap(int n) {
    if (n == 0)
        longjmp(home, 1);
    leap(n - 1);
    printf("never\n");
}

APART long last(long x) { return x * 2; }
APART long tail(long x) { return last(x + 1); }

int main(void) {
    printf("%ld\n", sum10(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    printf("%g\n", scale(1.5, 4, 0.25));
    greet("world");
    printf("%ld\n", depth(5));
    if (setjmp(home) == 0)
        leap(2);
    printf("%ld\n", tail(20));
    return 0;
}
