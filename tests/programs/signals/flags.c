// SA_RESETHAND, SA_NODEFER and SIG_IGN.
#include <signal.h>
#include <stdio.h>

static volatile int depth, most;
static void deep(int sig) {
    if (++depth > most) most = depth;
    if (depth < 3) raise(sig);
    depth--;
}
static void once(int sig) { printf("once %d\n", sig == SIGUSR2); }

int main(void) {
    struct sigaction sa = {.sa_handler = deep, .sa_flags = SA_NODEFER};
    sigaction(SIGUSR1, &sa, NULL);
    raise(SIGUSR1);
    printf("most %d\n", most);
    sa.sa_handler = once;
    sa.sa_flags = SA_RESETHAND;
    sigaction(SIGUSR2, &sa, NULL);
    raise(SIGUSR2);
    sigaction(SIGUSR2, NULL, &sa);
    printf("default %d\n", sa.sa_handler == SIG_DFL);
    signal(SIGUSR2, SIG_IGN);
    raise(SIGUSR2);
    signal(SIGUSR2, SIG_DFL);
    fflush(stdout);
    raise(SIGUSR2);
    puts("never");
}
