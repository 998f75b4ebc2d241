// flags: -lm
// 128-bit long double, all in software.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    printf("%d %d\n", LDBL_MANT_DIG, LDBL_MAX_EXP);
    long double third = 1.0L / 3, sum = 0;
    for (int i = 1; i <= 100; i++) sum += third / i;
    printf("%.33Lg %La\n", sum, sum);
    printf("%.30Lf\n", sqrtl(2));
    printf("%.30Lf %.30Lf\n", sinl(1), expl(1));
    printf("%Lg %Lg\n", LDBL_MAX, LDBL_MIN);
    printf("%.33Lg\n", strtold("0.1", NULL));
    printf("%d %d\n", third == 1.0 / 3, (int)(third * 3 == 1));
    printf("%ld %lu\n", (long)-12345.9L, (unsigned long)1.8e19L);
    printf("%a %a\n", (double)third, (float)third);
    printf("%.20Lf\n", fmodl(1e30L, 7));
}
