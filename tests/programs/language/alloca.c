// alloca and arrays of variable length, in loops and in recursion.
#include <alloca.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static long use(int n) {
    char *a = alloca(n * 16 + 1);
    int v[n][3];
    memset(a, n, n * 16 + 1);
    for (int i = 0; i < n; i++) v[i][0] = i, v[i][1] = n, v[i][2] = a[i * 16];
    long below = n > 1 ? use(n - 1) : 0, sum = 0;
    for (int i = 0; i < n; i++) sum += v[i][0] * v[i][1] + v[i][2];
    return sum + below + ((uintptr_t)a % 16 == 0) + (sizeof v == n * 12u);
}

int main(void) {
    printf("%ld\n", use(60));
    long total = 0;
    for (int i = 1; i < 500; i++) {
        char *p = alloca(i % 50 + 1);
        p[0] = i;
        total += p[0];
    }
    printf("%ld\n", total);
}
