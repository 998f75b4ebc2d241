// Real-time signals wait in order with what they carry; a standard one waits once.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static void handler(int sig, siginfo_t *info, void *c) { printf("%d code %d value %d\n", sig - SIGRTMIN, info->si_code, info->si_value.sival_int); }
static void standard(int sig, siginfo_t *info, void *c) { printf("usr1 value %d\n", info->si_value.sival_int); }
int main(void) {
    sigset_t set, old;
    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigemptyset(&set);
    for (int i = 0; i < 5; i++) {
        sigaddset(&sa.sa_mask, SIGRTMIN + i);
        sigaddset(&set, SIGRTMIN + i);
    }
    for (int i = 0; i < 5; i++) sigaction(SIGRTMIN + i, &sa, NULL);
    sa.sa_sigaction = standard;
    sigaction(SIGUSR1, &sa, NULL);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    for (int i = 0; i < 20; i++) sigqueue(getpid(), SIGRTMIN + i * 7 % 5, (union sigval){.sival_int = i});
    for (int i = 0; i < 3; i++) sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = i + 1});
    siginfo_t info;
    struct timespec none = {0, 0};
    while (sigtimedwait(&set, &info, &none) > 0) printf("took %d value %d\n", info.si_signo, info.si_value.sival_int);
    sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 99});
    sigprocmask(SIG_SETMASK, &old, NULL);
}
