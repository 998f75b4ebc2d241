// A handler without SA_SIGINFO, flags that hold for one signal only, and errno that is kept by hand.
#include "../show.h"
#include <signal.h>
static int nested;
static void nodefer(int sig) {
    printf("nodefer %d\n", nested);
    if (nested++ < 2) raise(sig);
}
static void once(int sig) { printf("once\n"); }
int main(void) {
    struct sigaction sa = {.sa_handler = nodefer, .sa_flags = SA_NODEFER}, old;
    sigaction(SIGUSR1, &sa, NULL);
    raise(SIGUSR1);
    sa = (struct sigaction){.sa_handler = once, .sa_flags = SA_RESETHAND};
    sigaction(SIGWINCH, &sa, NULL);
    raise(SIGWINCH);
    raise(SIGWINCH);
    sigaction(SIGWINCH, NULL, &old);
    IS(old.sa_handler == SIG_DFL);
    sa = (struct sigaction){.sa_handler = once, .sa_flags = SA_RESETHAND};
    sigaction(SIGUSR2, &sa, NULL);
    raise(SIGUSR2);
    fflush(stdout);
    raise(SIGUSR2);
}
