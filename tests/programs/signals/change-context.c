// A handler that changes registers of the interrupted code through its ucontext.
#include <signal.h>
#include <stdio.h>
#include <ucontext.h>

static void handler(int sig, siginfo_t *info, void *p) {
    ucontext_t *context = p;
    printf("%s at the ebreak %d\n", sig == SIGTRAP ? "trap" : "illegal", info->si_addr == (void *)context->uc_mcontext.__gregs[0]);
    context->uc_mcontext.__gregs[0] += 4;
    context->uc_mcontext.__gregs[10] += 1000;
}

int main(void) {
    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &sa, NULL);
    sigaction(SIGILL, &sa, NULL);
    register long a0 __asm__("a0") = 7;
    __asm__ volatile(".option push\n.option norvc\nebreak\n.option pop" : "+r"(a0)::"memory");
    long seen = a0;
    printf("%ld\n", seen);
    register long b0 __asm__("a0") = 8;
    __asm__ volatile(".word 0xffffffff" : "+r"(b0)::"memory");
    seen = b0;
    printf("%ld\n", seen);
}
