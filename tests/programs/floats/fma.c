// flags: -lm -ffp-contract=off
// Fused multiply-add rounds once, in all four signs.
#include <math.h>
#include <stdio.h>

int main(void) {
    const double v[] = {1 + 0x1p-52, 1 - 0x1p-53, 0x1p-1000, 0x1p1000, -3.7, 1e308, 0x1p-1074, -0.0, 0x1.fffffffffffffp0, INFINITY};
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j += 3) {
            volatile double a = v[i], b = v[j], c = -v[i] * v[j], d = v[(i + j) % 10];
            double r1, r2, r3, r4;
            __asm__("fmadd.d %0, %1, %2, %3" : "=f"(r1) : "f"(a), "f"(b), "f"(c));
            __asm__("fmsub.d %0, %1, %2, %3" : "=f"(r2) : "f"(a), "f"(b), "f"(d));
            __asm__("fnmadd.d %0, %1, %2, %3" : "=f"(r3) : "f"(a), "f"(b), "f"(d));
            __asm__("fnmsub.d %0, %1, %2, %3" : "=f"(r4) : "f"(a), "f"(b), "f"(c));
            printf("%a %a %a %a\n", r1, r2, r3, r4);
        }
    volatile float x = 1 + 0x1p-23f, y = -(1 + 0x1p-22f);
    printf("%a\n", fmaf(x, x, y));
}
