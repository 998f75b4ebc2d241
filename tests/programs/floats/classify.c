// flags: -lm
// Comparisons and classes with NaN, zeros and infinities.
#include <math.h>
#include <stdio.h>

int main(void) {
    const double v[] = {-INFINITY, -1, -0.0, 0.0, 5e-324, 1, INFINITY, NAN};
    for (int i = 0; i < 8; i++) {
        volatile double a = v[i];
        unsigned long c;
        __asm__("fclass.d %0, %1" : "=r"(c) : "f"(a));
        printf("%lx %d %d %d %d %d|", c, !!isnan(a), !!isinf(a), !!isfinite(a), !!isnormal(a), !!signbit(a));
        for (int j = 0; j < 8; j++) {
            volatile double b = v[j];
            printf(" %d%d%d%d%d", a < b, a <= b, a == b, isless(a, b), isunordered(a, b));
        }
        puts("");
    }
}
