// witness: native, because QEMU 7.2 takes the mask of a handler from the wrong place
// Several signals become open at once: which handler runs when, and with which mask.
#include <signal.h>
#include <stdio.h>
static void show(int sig) {
    sigset_t now;
    sigprocmask(0, NULL, &now);
    printf("%d with mask", sig);
    for (int i = 1; i < 65; i++)
        if (sigismember(&now, i) == 1) printf(" %d", i);
    printf("\n");
}
int main(void) {
    int all[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, SIGRTMIN + 3, SIGRTMIN + 1};
    sigset_t set, none;
    sigemptyset(&set);
    sigemptyset(&none);
    for (int i = 0; i < 6; i++) {
        struct sigaction sa = {.sa_handler = show};
        sigaddset(&sa.sa_mask, SIGALRM + i % 2);
        sigaction(all[i], &sa, NULL);
        sigaddset(&set, all[i]);
    }
    sigprocmask(SIG_SETMASK, &set, NULL);
    for (int i = 0; i < 6; i++) raise(all[i]), raise(all[i]);
    sigprocmask(SIG_SETMASK, &none, NULL);
    show(0);
}
