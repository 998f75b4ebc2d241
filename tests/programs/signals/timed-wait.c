// sigtimedwait: pending, timeout, interruption by another signal, one that a timer sends.
#include "../show.h"
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static void other(int sig) { printf("handler %d\n", sig); }
int main(void) {
    sigset_t set;
    siginfo_t info;
    struct timespec none = {0, 0}, bit = {0, 20000000}, bad = {0, -1}, longer = {5, 0};
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    SHOW(sigtimedwait(&set, &info, &none));
    SHOW(sigtimedwait(&set, &info, &bit));
    SHOW(sigtimedwait(&set, &info, &bad));
    raise(SIGUSR1);
    SHOW(sigtimedwait(&set, &info, &none));
    printf("%d %d\n", info.si_signo, info.si_code);
    signal(SIGPROF, SIG_IGN);
    struct itimerval t = {.it_value = {0, 20000}};
    setitimer(ITIMER_REAL, &t, NULL);
    SHOW(sigtimedwait(&set, &info, &longer));
    printf("%d %d\n", info.si_signo, info.si_code);
    struct sigaction sa = {.sa_handler = other, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &sa, NULL);
    sigdelset(&set, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    setitimer(ITIMER_REAL, &t, NULL);
    SHOW(sigtimedwait(&set, &info, &longer));
}
