// Integers to floating point and back, at every edge.
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

int main(void) {
    const double edges[] = {0,          -0.0,       0.5,         -0.5,        0.99999,      -0.99999,    1.5,          127.9,      -128.9,
                            2147483647, 2147483648, -2147483648, -2147483649, 4294967295.5, 4294967296., 9.2233720368547748e18,
                            9.3e18,     -9.3e18,    1.8e19,      1.9e19,      INFINITY,     -INFINITY,   NAN};
    for (unsigned i = 0; i < sizeof edges / sizeof *edges; i++) {
        volatile double d = edges[i];
        volatile float f = (float)d;
        long a;
        unsigned long b;
        int c;
        unsigned e;
        __asm__("fcvt.l.d %0, %1, rtz" : "=r"(a) : "f"(d));
        __asm__("fcvt.lu.d %0, %1, rtz" : "=r"(b) : "f"(d));
        __asm__("fcvt.w.s %0, %1, rne" : "=r"(c) : "f"(f));
        __asm__("fcvt.wu.s %0, %1, rup" : "=r"(e) : "f"(f));
        printf("%g: %ld %lu %d %d\n", d, a, b, c, (int)e);
    }
    const int64_t integers[] = {0, 1, -1, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, (1L << 53) + 1, (1L << 24) + 1, 0x7fffffbfffffffff};
    for (unsigned i = 0; i < sizeof integers / sizeof *integers; i++) {
        volatile int64_t n = integers[i];
        printf("%a %a %a %a %a\n", (double)n, (double)(uint64_t)n, (float)n, (float)(uint64_t)n, (double)(int)n);
    }
}
