// The rounding mode in the instruction against that in fcsr; a reserved one is illegal.
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf back;
static void handler(int sig) { siglongjmp(back, 1); }

int main(void) {
    volatile double a = 1, b = 3;
    double r;
#define STATIC(mode) __asm__("fdiv.d %0, %1, %2, " #mode : "=f"(r) : "f"(a), "f"(b)); printf(#mode " %a\n", r)
    STATIC(rne);
    STATIC(rtz);
    STATIC(rdn);
    STATIC(rup);
    STATIC(rmm);
    for (int mode = 0; mode < 5; mode++) {
        __asm__ volatile("fsrm %0" ::"r"(mode));
        __asm__ volatile("fdiv.d %0, %1, %2, dyn" : "=f"(r) : "f"(a), "f"(b));
        long n;
        volatile double half = 2.5;
        __asm__ volatile("fcvt.l.d %0, %1, dyn" : "=r"(n) : "f"(half));
        printf("%d %a %ld\n", mode, r, n);
    }
    signal(SIGILL, handler);
    for (int mode = 5; mode < 8; mode++) {
        if (sigsetjmp(back, 1) == 0) {
            __asm__ volatile("fsrm %0" ::"r"(mode));
            __asm__ volatile("fdiv.d %0, %1, %2, dyn" : "=f"(r) : "f"(a), "f"(b));
            printf("%d %a\n", mode, r);
        } else {
            __asm__ volatile("fsrm zero");
            printf("%d illegal\n", mode);
        }
    }
    long flags;
    __asm__ volatile("csrrwi %0, fflags, 0x1f" : "=r"(flags));
    __asm__ volatile("frcsr %0" : "=r"(flags));
    printf("%lx\n", flags);
    __asm__ volatile("fscsr %0, %1" : "=r"(flags) : "r"(0xffffffffffffff00));
    __asm__ volatile("frcsr %0" : "=r"(flags));
    printf("%lx\n", flags);
}
