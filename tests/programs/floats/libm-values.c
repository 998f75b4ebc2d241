// flags: -lm
// Elementary functions at many points, to the last bit.
#include <math.h>
#include <stdio.h>

int main(void) {
    for (double x = -3.25; x < 4; x += 0.37) {
        printf("%a %a %a %a %a\n", sin(x), cos(x), tan(x), atan(x), exp(x));
        printf("%a %a %a %a %a\n", log(fabs(x)), cbrt(x), sinh(x), tanh(x), expm1(x));
        printf("%a %a %a %a %a\n", pow(fabs(x), x), atan2(x, 1.5), erf(x), tgamma(fabs(x) + 0.5), lgamma(x + 0.1));
        printf("%a %a %a %a\n", sinf(x), expf(x), logf(fabs(x)), powf(fabs(x), 1.7f));
        printf("%a %a %a %a\n", hypot(x, 2), fmod(x, 0.7), remainder(x, 0.7), j0(x));
    }
    printf("%a %a %a\n", sin(1e22), cos(1e300), exp(-745.1));
    printf("%a %a %a\n", asin(0.9999999), acos(-1), acosh(1.0000001));
    int q;
    printf("%a", remquo(29, 3, &q));
    printf(" %d\n", q);
}
