// A stack overflow is handled on another stack.
#include "../show.h"
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

static sigjmp_buf back;
static char *alternate;
static void handler(int sig, siginfo_t *info, void *context) {
    char here;
    stack_t now;
    sigaltstack(NULL, &now);
    siglongjmp(back, &here >= alternate && &here < alternate + 65536 && now.ss_flags == SS_ONSTACK ? 1 : 2);
}
static int deeper(int n) {
    volatile char frame[4096];
    frame[0] = n;
    return deeper(n + 1) + frame[0];
}

int main(void) {
    struct rlimit limit = {1 << 20, 1 << 23};
    setrlimit(RLIMIT_STACK, &limit);
    alternate = malloc(65536);
    stack_t s = {.ss_sp = alternate, .ss_size = 65536}, old;
    SHOW(sigaltstack(&s, &old));
    SHOW(old.ss_flags == SS_DISABLE);
    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, &sa, NULL);
    for (int i = 0; i < 2; i++) {
        int r = sigsetjmp(back, 1);
        if (r == 0) deeper(0);
        printf("%d\n", r);
    }
    s.ss_size = 100;
    SHOW(sigaltstack(&s, NULL));
    s.ss_flags = 77;
    SHOW(sigaltstack(&s, NULL));
    s.ss_flags = SS_DISABLE;
    SHOW(sigaltstack(&s, NULL));
}
