// Recursion without end is caught on the alternate stack, and left by siglongjmp, twice.
#include "../show.h"
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
static sigjmp_buf back;
static char stack[65536];
static void on_segv(int sig, siginfo_t *info, void *c) {
    char here;
    IS(&here >= stack && &here < stack + sizeof stack);
    siglongjmp(back, 1);
}
static int deeper(volatile char *above) {
    volatile char here[4096];
    here[0] = above[0];
    return deeper(here) + here[0];
}
int main(void) {
    stack_t ss = {.ss_sp = stack, .ss_size = sizeof stack};
    SHOW(sigaltstack(&ss, NULL));
    struct sigaction sa = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, &sa, NULL);
    for (volatile int i = 0; i < 2; i++) {
        char c = 0;
        if (sigsetjmp(back, 1) == 0) deeper(&c);
        printf("back %d\n", i);
    }
}
