// flags: -frounding-math -lm
// Which operation raises which flag.
#include <fenv.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>

static void flags(const char *what) {
    int f = fetestexcept(FE_ALL_EXCEPT);
    printf("%s:%s%s%s%s%s\n", what, f & FE_INVALID ? " invalid" : "", f & FE_DIVBYZERO ? " divide" : "",
           f & FE_OVERFLOW ? " overflow" : "", f & FE_UNDERFLOW ? " underflow" : "", f & FE_INEXACT ? " inexact" : "");
    feclearexcept(FE_ALL_EXCEPT);
}

int main(void) {
    volatile double zero = 0, one = 1, three = 3, big = DBL_MAX, tiny = DBL_MIN, inf = INFINITY, nan_ = NAN, r;
    volatile float f, fbig = FLT_MAX;
    volatile long n;
    feclearexcept(FE_ALL_EXCEPT);
    r = one + one, flags("1+1");
    r = one / three, flags("1/3");
    r = one / zero, flags("1/0");
    r = zero / zero, flags("0/0");
    r = big * three, flags("max*3");
    r = tiny / three, flags("min/3");
    r = tiny / 2, flags("min/2");
    r = inf - inf, flags("inf-inf");
    r = inf * zero, flags("inf*0");
    r = sqrt(-one), flags("sqrt(-1)");
    r = nan_ + one, flags("nan+1");
    r = nan_ < one, flags("nan<1");
    r = nan_ == one, flags("nan==1");
    f = (float)big, flags("float of max");
    f = (float)tiny, flags("float of min");
    f = fbig * 2, flags("float max*2");
    n = (long)inf, flags("long of inf");
    n = (long)nan_, flags("long of nan");
    n = (long)1e30, flags("long of 1e30");
    n = (long)1.5, flags("long of 1.5");
    n = (int)3e9, flags("int of 3e9");
    r = (double)((1L << 53) + 1), flags("double of 2^53+1");
    r = fma(one / 3, three, -one), flags("fma");
    r = rint(1.5), flags("rint");
    r = nearbyint(1.5), flags("nearbyint");
    r = log(zero), flags("log 0");
    r = exp(1000 * one), flags("exp 1000");
    r = fmod(one, zero), flags("fmod 1 0");
    r = fmin(nan_, one), flags("fmin nan 1");
    feraiseexcept(FE_OVERFLOW | FE_INVALID), flags("raised");
    fexcept_t saved;
    feraiseexcept(FE_DIVBYZERO);
    fegetexceptflag(&saved, FE_ALL_EXCEPT);
    feclearexcept(FE_ALL_EXCEPT);
    fesetexceptflag(&saved, FE_ALL_EXCEPT), flags("restored");
    fenv_t env;
    feraiseexcept(FE_INEXACT);
    feholdexcept(&env), flags("held");
    feupdateenv(&env), flags("updated");
}
