// flags: -lm
// Numbers below the normal ones, as double and as float.
#include <float.h>
#include <math.h>
#include <stdio.h>

int main(void) {
    volatile double d = DBL_MIN;
    for (int i = 0; i < 55; i++) {
        printf("%a %d\n", d, fpclassify(d) == FP_SUBNORMAL);
        d = d / 2;
    }
    volatile float f = FLT_MIN;
    for (int i = 0; i < 26; i++) {
        printf("%a %d\n", f, fpclassify(f) == FP_SUBNORMAL);
        f = f / 2;
    }
    volatile double a = 5e-324, b = 1.5;
    printf("%a %a %a %a\n", a * b, a * 0.5, a * 0.50001, a / a);
    printf("%a %a\n", nextafter(0, 1), nextafter(DBL_MIN, 0));
    printf("%a %a\n", ldexp(0.75, -1073), ldexp(1, -1075));
    printf("%a %a\n", sqrt(a), a + DBL_MIN);
    int e;
    printf("%a", frexp(a, &e));
    printf(" %d\n", e);
    printf("%d %d\n", ilogb(a), (int)logb(1e-310));
}
