// What sigaltstack refuses, and what it tells while a handler is on the stack.
#include "../show.h"
#include <signal.h>
#include <stdlib.h>
static char stack[32768];
static void on_stack(int sig) {
    stack_t now, other = {.ss_sp = stack, .ss_size = 16384};
    SHOW(sigaltstack(NULL, &now));
    printf("flags %d size %zu mine %d\n", now.ss_flags, now.ss_size, now.ss_sp == stack);
    SHOW(sigaltstack(&other, NULL));
}
int main(void) {
    stack_t ss = {.ss_sp = stack, .ss_size = 1000}, old;
    SHOW(sigaltstack(&ss, NULL));
    ss.ss_size = 2047;
    SHOW(sigaltstack(&ss, NULL));
    ss.ss_size = sizeof stack;
    ss.ss_flags = 64;
    SHOW(sigaltstack(&ss, NULL));
    ss.ss_flags = 0;
    SHOW(sigaltstack(&ss, &old));
    printf("old %d\n", old.ss_flags);
    SHOW(sigaltstack((stack_t *)8, NULL));
    struct sigaction sa = {.sa_handler = on_stack, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &sa, NULL);
    raise(SIGUSR1);
    ss.ss_flags = SS_DISABLE;
    SHOW(sigaltstack(&ss, &old));
    printf("old %d %zu\n", old.ss_flags, old.ss_size);
    SHOW(sigaltstack(NULL, &old));
    printf("now %d %zu\n", old.ss_flags, old.ss_size);
}
