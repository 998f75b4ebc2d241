// A handler sees the registers of the code that it interrupts, and what it writes there is what they have afterwards.
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <ucontext.h>

static void on_trap(int sig, siginfo_t *info, void *context) {
    mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
    printf("signal %d code %d at pc: %d\n", sig, info->si_code, info->si_addr == (void *)m->__gregs[REG_PC]);
    for (int i = 18; i < 28; i++) printf("x%d=%lx ", i, m->__gregs[i]++);
    for (int i = 28; i < 32; i++) printf("x%d=%lx ", i, m->__gregs[i]--);
    printf("\nf0=%llx f10=%llx f31=%llx fcsr=%x\n", m->__fpregs.__d.__f[0], m->__fpregs.__d.__f[10],
           m->__fpregs.__d.__f[31], m->__fpregs.__d.__fcsr);
    for (int i = 0; i < 32; i++) m->__fpregs.__d.__f[i] += 1;
    m->__fpregs.__d.__fcsr ^= 0x61;
    m->__gregs[REG_PC] += 4;
}

int main(void) {
    struct sigaction sa = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &sa, NULL);
    static uint64_t out[18];
    register uint64_t *base __asm__("s1") = out;
    __asm__ volatile(
        ".option push\n.option norvc\n"
        "li t0, 0xe3\nfscsr t0\n"
        "li x18,0x22\nli x19,0x23\nli x20,0x24\nli x21,0x25\nli x22,0x26\nli x23,0x27\nli x24,0x28\nli x25,0x29\n"
        "li x26,0x2a\nli x27,0x2b\nli x28,0x2c\nli x29,0x2d\nli x30,0x2e\nli x31,-1\n"
        "fmv.d.x f0,x18\nfmv.d.x f10,x31\nfmv.w.x f31,x19\n"
        "ebreak\n"
        "sd x18,0(s1)\nsd x19,8(s1)\nsd x20,16(s1)\nsd x21,24(s1)\nsd x22,32(s1)\nsd x23,40(s1)\nsd x24,48(s1)\n"
        "sd x25,56(s1)\nsd x26,64(s1)\nsd x27,72(s1)\nsd x28,80(s1)\nsd x29,88(s1)\nsd x30,96(s1)\nsd x31,104(s1)\n"
        "fsd f0,112(s1)\nfsd f10,120(s1)\nfsd f31,128(s1)\nfrcsr t0\nsd t0,136(s1)\nfscsr zero\n"
        ".option pop\n"
        : : "r"(base)
        : "memory", "t0", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "x31", "f0",
          "f10", "f31");
    for (int i = 0; i < 18; i++) printf("%lx ", out[i]);
    printf("\n");
}
