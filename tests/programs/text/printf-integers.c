// Every flag, width, precision and length of the integer conversions.
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

int main(void) {
    const long v[] = {0, 1, -1, 42, -12345, LONG_MAX, LONG_MIN};
    for (int i = 0; i < 7; i++) {
        long n = v[i];
        printf("[%ld] [%5ld] [%-8ld] [%08ld] [%+ld] [% ld] [%.4ld] [%10.6ld] [%-+12.3ld]\n", n, n, n, n, n, n, n, n, n);
        printf("[%lo] [%#lo] [%lx] [%#lx] [%#lX] [%lu] [%#020lx]\n", n, n, n, n, n, n, n);
        printf("[%d] [%hd] [%hhd] [%u] [%hu] [%hhu]\n", (int)n, (short)n, (char)n, (unsigned)n, (unsigned short)n, (unsigned char)n);
    }
    printf("[%.0d] [%#.0o] [%#x] [%*d] [%-*d] [%.*d]\n", 0, 0, 0, 6, 7, 6, 7, 3, 7);
    printf("[%2$d %1$d %2$x] [%1$*2$d]\n", 10, 20);
    printf("[%jd] [%zu] [%td] [%" PRId64 "] [%'d]\n", (intmax_t)-5, sizeof(int), (ptrdiff_t)-9, INT64_MIN, 1234567);
    int n;
    printf("abc%ndef %%\n", &n);
    printf("%d\n", n);
    printf("[%c] [%5c] [%-5c] [%p]\n", 'x', 'y', 'z', NULL);
}
