// The generators of the C library, seeded.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    srand(42);
    for (int i = 0; i < 5; i++) printf("%d ", rand());
    srandom(7);
    for (int i = 0; i < 5; i++) printf("%ld ", random());
    srand48(3);
    for (int i = 0; i < 5; i++) printf("%ld %a ", lrand48(), drand48());
    unsigned short x[3] = {1, 2, 3};
    printf("%ld %a ", nrand48(x), erand48(x));
    unsigned seed = 9;
    printf("%d %d\n", rand_r(&seed), rand_r(&seed));
    div_t d = div(-17, 5);
    ldiv_t l = ldiv(17, -5);
    printf("%d %d %ld %ld %d\n", d.quot, d.rem, l.quot, l.rem, abs(-3));
    printf("%s %d\n", l64a(123456), (int)a64l("abc"));
}
