// witness: native, because QEMU 7.2 does not know SS_AUTODISARM
// While a handler runs on a stack that disarms itself there is none: another one may be set, and the first one comes back.
#include "../show.h"
#include <signal.h>
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif
static char stack[65536], other[65536];
static int depth;
static void on_stack(int sig) {
    stack_t now, next = {.ss_sp = other, .ss_size = sizeof other};
    sigaltstack(NULL, &now);
    char here;
    printf("flags %x in first %d in other %d\n", now.ss_flags, &here >= stack && &here < stack + sizeof stack,
           &here >= other && &here < other + sizeof other);
    if (depth++ == 0) {
        SHOW(sigaltstack(&next, NULL));
        raise(SIGUSR2);
    }
}
int main(void) {
    stack_t ss = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = SS_AUTODISARM}, now;
    SHOW(sigaltstack(&ss, NULL));
    struct sigaction sa = {.sa_handler = on_stack, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &sa, NULL);
    sigaction(SIGUSR2, &sa, NULL);
    raise(SIGUSR1);
    sigaltstack(NULL, &now);
    printf("flags %x size %zu mine %d\n", now.ss_flags, now.ss_size, now.ss_sp == stack);
}
