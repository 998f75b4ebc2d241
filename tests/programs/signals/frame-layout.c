// Where a handler finds what it is given: the parts of the frame, and the code that it returns to.
#include "../show.h"
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

static void on_usr1(int sig, siginfo_t *info, void *context) {
    ucontext_t *uc = context;
    printf("sig %d, info %d, context behind info %td\n", sig, info->si_signo, (char *)context - (char *)info);
    printf("stack %zu mask %zu registers %zu\n", offsetof(ucontext_t, uc_stack), offsetof(ucontext_t, uc_sigmask),
           offsetof(ucontext_t, uc_mcontext));
    printf("floats %zu fcsr %zu size %zu\n", offsetof(ucontext_t, uc_mcontext.__fpregs.__d.__f),
           offsetof(ucontext_t, uc_mcontext.__fpregs.__d.__fcsr), sizeof(ucontext_t));
    IS((uintptr_t)info % 16 == 0);
    IS(uc->__uc_flags == 0 && uc->uc_link == NULL);
    IS(uc->uc_stack.ss_flags == SS_DISABLE);
    uint32_t *code = __builtin_return_address(0);
    printf("returns to %08x %08x\n", code[0], code[1]);
}

int main(void) {
    struct sigaction sa = {.sa_sigaction = on_usr1, .sa_flags = SA_SIGINFO};
    SHOW(sigaction(SIGUSR1, &sa, NULL));
    SHOW(raise(SIGUSR1));
}
