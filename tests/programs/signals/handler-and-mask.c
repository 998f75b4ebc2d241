// A handler runs with its own signal and sa_mask blocked, and those pending come afterwards.
// witness: native, because QEMU 7.2 reads sa_mask of riscv64 from the wrong place
#include "../show.h"
#include <signal.h>

static volatile int depth;
static void handler(int sig) {
    printf("enter %d depth %d\n", sig == SIGUSR1 ? 1 : 2, ++depth);
    if (sig == SIGUSR1) {
        raise(SIGUSR1);
        raise(SIGUSR2);
        sigset_t pending;
        sigpending(&pending);
        printf("pending %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
        static int once;
        if (once++) signal(SIGUSR1, SIG_IGN);
    }
    printf("leave %d\n", sig == SIGUSR1 ? 1 : 2);
    depth--;
}

int main(void) {
    struct sigaction sa = {.sa_handler = handler}, old;
    sigemptyset(&sa.sa_mask);
    sigaddset(&sa.sa_mask, SIGUSR2);
    SHOW(sigaction(SIGUSR1, &sa, NULL));
    SHOW(sigaction(SIGUSR2, &sa, &old));
    IS(old.sa_handler == SIG_DFL);
    raise(SIGUSR1);
    SHOW(sigaction(SIGKILL, &sa, NULL));
    SHOW(sigaction(SIGSTOP, &sa, NULL));
    SHOW(sigaction(65, &sa, NULL));
    SHOW(sigaction(0, NULL, NULL));
}
