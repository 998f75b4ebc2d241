// What is no fault on RISC-V: division by zero, overflow of division, accesses that are not aligned.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    volatile long zero = 0, one = 1, minus = -1, least = INT64_MIN;
    volatile int izero = 0, iminus = -1, ileast = INT32_MIN;
    long q, r;
    __asm__("div %0, %1, %2" : "=r"(q) : "r"(one), "r"(zero));
    __asm__("rem %0, %1, %2" : "=r"(r) : "r"(one), "r"(zero));
    printf("%ld %ld\n", q, r);
    __asm__("div %0, %1, %2" : "=r"(q) : "r"(least), "r"(minus));
    __asm__("rem %0, %1, %2" : "=r"(r) : "r"(least), "r"(minus));
    printf("%ld %ld\n", q, r);
    __asm__("divuw %0, %1, %2" : "=r"(q) : "r"(ileast), "r"(izero));
    __asm__("divw %0, %1, %2" : "=r"(r) : "r"(ileast), "r"(iminus));
    printf("%ld %ld\n", q, r);
    char bytes[32];
    for (int i = 0; i < 32; i++) bytes[i] = i;
    for (int i = 1; i < 8; i += 2) {
        uint64_t v;
        __asm__ volatile("ld %0, 0(%1)" : "=r"(v) : "r"(bytes + i));
        printf("%016lx\n", (unsigned long)v);
    }
}
