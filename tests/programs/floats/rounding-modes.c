// flags: -frounding-math -lm
// Sums, products, quotients, roots and conversions in each rounding mode.
#include <fenv.h>
#include <math.h>
#include <stdio.h>

int main(void) {
    const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};
    const double values[] = {1.0 / 3, 0.1, -0.7, 1e16 + 2, 5e-324, 2.5, -2.5, 3.5};
    for (int m = 0; m < 4; m++) {
        fesetround(modes[m]);
        for (int i = 0; i < 8; i++) {
            volatile double a = values[i], b = values[(i + 3) % 8], s = a + b, p = a * b, q = a / b, r = sqrt(fabs(a));
            volatile float f = (float)a, g = f * f;
            printf("%a %a %a %a %a %a %ld %ld %a %a\n", s, p, q, r, f, g, lrint(a), lround(a), rint(a), nearbyint(b));
        }
    }
    fesetround(FE_TONEAREST);
    printf("%d\n", fesetround(99) != 0);
}
