// alarm, setitimer and POSIX timers: one shot, periodic, what is left of them.
#include "../show.h"
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int ticks, rt;
static void tick(int sig) { ticks++; }
static void on_rt(int sig, siginfo_t *info, void *c) { rt += info->si_value.sival_int + (info->si_code == SI_TIMER); }

int main(void) {
    signal(SIGALRM, tick);
    SHOW(alarm(100));
    IS(alarm(0) >= 99);
    SHOW(alarm(0));
    struct itimerval t = {{0, 5000}, {0, 5000}}, left;
    SHOW(setitimer(ITIMER_REAL, &t, NULL));
    while (ticks < 5) pause();
    SHOW(getitimer(ITIMER_REAL, &left));
    IS(left.it_interval.tv_usec == 5000);
    t = (struct itimerval){0};
    SHOW(setitimer(ITIMER_REAL, &t, NULL));
    SHOW(setitimer(77, &t, NULL));
    struct sigaction sa = {.sa_sigaction = on_rt, .sa_flags = SA_SIGINFO};
    sigaction(SIGRTMIN, &sa, NULL);
    timer_t timer;
    struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 10};
    SHOW(timer_create(CLOCK_MONOTONIC, &e, &timer));
    struct itimerspec its = {.it_value = {0, 5000000}}, now;
    SHOW(timer_settime(timer, 0, &its, NULL));
    while (!rt) pause();
    printf("%d\n", rt);
    SHOW(timer_gettime(timer, &now));
    IS(now.it_value.tv_nsec == 0);
    SHOW(timer_getoverrun(timer));
    SHOW(timer_delete(timer));
    SHOW(timer_create(77, &e, &timer));
}
