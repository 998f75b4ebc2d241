// sigsuspend unblocks and waits in one step; the mask is back afterwards.
#include "../show.h"
#include <signal.h>
#include <unistd.h>

static volatile int got;
static void handler(int sig) { got = sig; }

int main(void) {
    signal(SIGUSR1, handler);
    sigset_t block, old, now;
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    sigprocmask(SIG_BLOCK, &block, &old);
    raise(SIGUSR1);
    printf("%d\n", got);
    SHOW(sigsuspend(&old));
    IS(got == SIGUSR1);
    sigprocmask(SIG_BLOCK, NULL, &now);
    SHOW(sigismember(&now, SIGUSR1));
    SHOW(sigprocmask(99, &block, NULL));
    sigfillset(&block);
    sigprocmask(SIG_SETMASK, &block, NULL);
    sigprocmask(SIG_BLOCK, NULL, &now);
    printf("%d %d\n", sigismember(&now, SIGKILL), sigismember(&now, SIGTERM));
}
