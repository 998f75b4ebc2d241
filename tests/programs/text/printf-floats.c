// %e %f %g %a with flags, widths and precisions; exact digits of big and small numbers.
#include <float.h>
#include <math.h>
#include <stdio.h>

int main(void) {
    const double v[] = {0, -0.0, 1, 0.1, -2.5, 123456789.125, 1e100, 1e-100, DBL_MAX, 5e-324, 0.5, 1.5, 2.5, 999999.5, INFINITY, NAN};
    for (int i = 0; i < 16; i++) {
        double d = v[i];
        printf("[%f] [%.0f] [%#.0f] [%.3f] [%12.2f] [%-12.1f] [%+.1f] [% f] [%015.3f]\n", d, d, d, d, d, d, d, d, d);
        printf("[%e] [%.0e] [%.10E] [%g] [%.3g] [%#g] [%G] [%.17g] [%.0g]\n", d, d, d, d, d, d, d, d, d);
        printf("[%a] [%.0a] [%.3a] [%A] [%20a] [%-20a] [%+a]\n", d, d, d, d, d, d, d);
    }
    printf("%.60f\n%.400g\n%.1100f\n", 0.1, DBL_MAX, 5e-324);
    printf("%.20Lf %Lg %La\n", 1.0L / 3, 1e4000L, 1.0L / 3);
}
