// strtol and its kin: bases, signs, overflow, rests.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    const char *v[] = {"0", "42", "-17", "+5", "0x1F", "010", "0b11", "zz", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
                       "18446744073709551615", "18446744073709551616", "  12abc", "", "-", "0x", "08", "7fffffff"};
    const int bases[] = {0, 2, 8, 10, 16, 36, 1};
    for (unsigned i = 0; i < sizeof v / sizeof *v; i++) {
        printf("%s:", v[i]);
        for (int b = 0; b < 7; b++) {
            char *end = "";
            errno = 0;
            long n = strtol(v[i], &end, bases[b]);
            printf(" %ld%s[%s]", n, errno == ERANGE ? "!" : errno == EINVAL ? "?" : "", errno == EINVAL ? "" : end);
        }
        errno = 0;
        printf(" u%lu", strtoul(v[i], NULL, 0));
        printf("%s %d %ld\n", errno ? "!" : "", atoi(v[i]), atol(v[i]));
    }
}
