// A float that is not boxed in its register counts as NaN; moves take the bits.
#include <stdint.h>
#include <stdio.h>

int main(void) {
    uint64_t wrong = 0x3ff000003f800000, right = 0xffffffff3f800000, out;
    uint64_t sum_bits, class_, moved;
    __asm__("fmv.d.x fa0, %1\n fadd.s fa1, fa0, fa0\n fmv.x.d %0, fa1" : "=r"(sum_bits) : "r"(wrong) : "fa0", "fa1");
    printf("%lx\n", sum_bits);
    __asm__("fmv.d.x fa0, %1\n fadd.s fa1, fa0, fa0\n fmv.x.d %0, fa1" : "=r"(sum_bits) : "r"(right) : "fa0", "fa1");
    printf("%lx\n", sum_bits);
    __asm__("fmv.d.x fa0, %1\n fclass.s %0, fa0" : "=r"(class_) : "r"(wrong) : "fa0");
    printf("%lx\n", class_);
    __asm__("fmv.d.x fa0, %1\n fmv.x.w %0, fa0" : "=r"(moved) : "r"(wrong) : "fa0");
    printf("%lx\n", moved);
    __asm__("fmv.d.x fa0, %1\n fsgnj.s fa1, fa0, fa0\n fmv.x.d %0, fa1" : "=r"(out) : "r"(wrong) : "fa0", "fa1");
    printf("%lx\n", out);
    float stored[2] = {0, 0};
    __asm__ volatile("fmv.d.x fa0, %0\n fsw fa0, 0(%1)\n flw fa1, 0(%1)\n fsd fa1, 0(%2)" ::"r"(wrong), "r"(stored), "r"(&out) : "fa0", "fa1", "memory");
    printf("%g %lx\n", stored[0], out);
}
