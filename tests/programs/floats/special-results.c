// flags: -lm
// What functions make of infinities, zeros and what lies outside, with errno.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define TRY(expression)                                                              \
    do {                                                                             \
        errno = 0;                                                                   \
        double r = (expression);                                                     \
        printf("%s = %g%s\n", #expression, r, errno == EDOM ? " EDOM" : errno == ERANGE ? " ERANGE" : ""); \
    } while (0)

int main(void) {
    volatile double zero = 0, one = 1, inf = INFINITY;
    TRY(log(-one));
    TRY(log(zero));
    TRY(sqrt(-one));
    TRY(pow(zero, -one));
    TRY(pow(-8 * one, one / 3));
    TRY(pow(one, NAN));
    TRY(pow(NAN, zero));
    TRY(exp(710 * one));
    TRY(exp(-1000 * one));
    TRY(acos(2 * one));
    TRY(atanh(one));
    TRY(fmod(inf, one));
    TRY(fmod(one, inf));
    TRY(sin(inf));
    TRY(tgamma(-one));
    TRY(tgamma(zero));
    TRY(hypot(inf, NAN));
    TRY(atan2(-zero, -one));
    TRY(atan2(zero, -zero));
    TRY(ldexp(one, 2000));
    TRY(scalbn(one, -2000));
    TRY(cbrt(-27 * one));
    TRY(copysign(zero, -one));
    TRY(nextafter(inf, zero));
    TRY(fdim(inf, inf));
    TRY(fmax(-zero, zero));
    TRY(round(-0.5));
    TRY(trunc(-0.9));
    TRY(ceil(-0.9));
}
