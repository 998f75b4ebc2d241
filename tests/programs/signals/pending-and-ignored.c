// What waits, and what becomes of it when it is ignored.
#include "../show.h"
#include <signal.h>
static void handler(int sig) { printf("handler %d\n", sig); }
static void show(void) {
    sigset_t p;
    sigpending(&p);
    printf("pending:");
    for (int i = 1; i < 65; i++)
        if (sigismember(&p, i) == 1) printf(" %d", i);
    printf("\n");
}
int main(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    raise(SIGUSR1);
    raise(SIGCHLD);
    raise(SIGURG);
    raise(SIGTERM);
    raise(SIGRTMIN);
    show();
    signal(SIGUSR1, SIG_IGN);
    show();
    signal(SIGCHLD, SIG_DFL);
    signal(SIGRTMIN, handler);
    show();
    signal(SIGTERM, handler);
    signal(SIGUSR1, handler);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    show();
    signal(SIGTERM, SIG_IGN);
    raise(SIGTERM);
    show();
    SHOW(sigprocmask(77, &none, NULL));
    SHOW(sigaction(SIGKILL, &(struct sigaction){.sa_handler = handler}, NULL));
    SHOW(sigaction(65, NULL, NULL));
}
