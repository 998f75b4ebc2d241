// A periodic timer whose signal is blocked counts how often it ran out.
#include "../show.h"
#include <signal.h>
#include <time.h>
#include <unistd.h>
static timer_t timer;
static volatile int calls;
static void handler(int sig, siginfo_t *info, void *c) {
    if (calls++ == 0) {
        printf("code %d value %d\n", info->si_code, info->si_value.sival_int);
        IS(info->si_overrun >= 8 && info->si_overrun < 200);
        IS(timer_getoverrun(timer) == info->si_overrun);
    }
}
int main(void) {
    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigaction(SIGRTMIN + 1, &sa, NULL);
    struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1, .sigev_value.sival_int = 77};
    SHOW(timer_create(CLOCK_MONOTONIC, &e, &timer));
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &set, &old);
    struct itimerspec its = {{0, 10000000}, {0, 10000000}}, left;
    SHOW(timer_settime(timer, 0, &its, NULL));
    struct timespec nap = {0, 105000000};
    nanosleep(&nap, NULL);
    SHOW(timer_gettime(timer, &left));
    IS(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 10000000);
    sigprocmask(SIG_SETMASK, &old, NULL);
    IS(calls == 1);
    while (calls < 3) pause();
    SHOW(timer_delete(timer));
    SHOW(timer_settime(timer, 0, &its, NULL));
    e.sigev_notify = SIGEV_NONE;
    SHOW(timer_create(CLOCK_REALTIME, &e, &timer));
    its.it_value.tv_sec = 100;
    SHOW(timer_settime(timer, 0, &its, NULL));
    SHOW(timer_gettime(timer, &left));
    IS(left.it_value.tv_sec == 99 || left.it_value.tv_sec == 100);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    its.it_value = (struct timespec){now.tv_sec + 50, now.tv_nsec};
    SHOW(timer_settime(timer, TIMER_ABSTIME, &its, &left));
    SHOW(timer_gettime(timer, &left));
    IS(left.it_value.tv_sec == 49 || left.it_value.tv_sec == 50);
    e.sigev_notify = SIGEV_SIGNAL;
    e.sigev_signo = 0;
    SHOW(timer_create(CLOCK_REALTIME, &e, &timer));
}
