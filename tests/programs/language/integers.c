// Arithmetic of every width: shifts, wrapping, division, 128 bits, overflow builtins.
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

typedef unsigned __int128 u128;

int main(void) {
    volatile int64_t a[] = {0, 1, -1, 7, -7, INT64_MAX, INT64_MIN, 0x123456789abcdef, -0x7edcba987654321};
    for (int i = 0; i < 9; i++) {
        for (int j = 1; j < 9; j++) {
            int64_t x = a[i], y = a[j], r;
            uint64_t ux = x, uy = y;
            int k = __builtin_mul_overflow(x, y, &r);
            printf("%lx %lx %lx %d", (long)(ux + uy), (long)(ux * uy), (long)(ux / uy), k);
            if (!(x == INT64_MIN && y == -1)) printf(" %ld %ld", (long)(x / y), (long)(x % y));
            u128 w = (u128)ux * uy;
            printf(" %lx %lx\n", (long)(w >> 64), (long)((w / (uy | 1)) >> (j * 5)));
        }
        int32_t n = (int32_t)a[i];
        uint32_t u = (uint32_t)n;
        printf("%d %u %d %u %d %d %d\n", n >> 3, u >> 3, (int)(u << 5), u * u, (short)n, (signed char)n, __builtin_popcountl(a[i]));
        if (a[i]) printf("%d %d %d %lx\n", __builtin_clzl(a[i]), __builtin_ctzl(a[i]), __builtin_ffsl(a[i]), (long)__builtin_bswap64(a[i]));
    }
}
