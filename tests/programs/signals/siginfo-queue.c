// Values queued with a real-time signal arrive in order; an ordinary signal is pending only once.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int ordinary;
static void queued(int sig, siginfo_t *info, void *context) {
    printf("signal rt%d value %d code %d own %d\n", sig - SIGRTMIN, info->si_value.sival_int, info->si_code == SI_QUEUE,
           info->si_pid == getpid());
}
static void plain(int sig) { ordinary++; }

int main(void) {
    struct sigaction sa = {.sa_sigaction = queued, .sa_flags = SA_SIGINFO};
    sigaction(SIGRTMIN, &sa, NULL);
    sigaction(SIGRTMIN + 1, &sa, NULL);
    signal(SIGUSR1, plain);
    sigset_t all, old;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    for (int i = 0; i < 3; i++) {
        sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i});
        sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 10 + i});
        kill(getpid(), SIGUSR1);
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    printf("ordinary %d\n", ordinary);
}
