// flags: -lm
// Floating-point and integer registers, fcsr with them, survive a handler that uses all of them.
#include <fenv.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile double sink;
static volatile int count;
static void handler(int sig) {
    count++;
    double x = count;
    for (int i = 0; i < 50; i++) x = sin(x) * 3 + sqrt(x * x + i) / 7;
    sink = x;
    fesetround(FE_UPWARD);
    feraiseexcept(FE_OVERFLOW);
}

int main(void) {
    signal(SIGUSR1, handler);
    double a = 1, b = 2, c = 3, d = 4;
    long n = 1;
    feclearexcept(FE_ALL_EXCEPT);
    fesetround(FE_DOWNWARD);
    for (int i = 0; i < 100; i++) {
        a = a * 1.25 - b;
        b = b + c * 0.5;
        c = c - d / 3;
        d = d + 0.0625 * a;
        n = n * 31 + i;
        if (i % 10 == 5) raise(SIGUSR1);
    }
    printf("%a %a %a %a %ld\n", a, b, c, d, n);
    printf("round %d overflow %d count %d\n", fegetround() == FE_DOWNWARD, fetestexcept(FE_OVERFLOW) != 0, count);
}
