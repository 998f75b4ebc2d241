// A handler ends a sleep, whatever SA_RESTART says; what is left of it is told.
#include "../show.h"
#include <signal.h>
#include <sys/time.h>
#include <time.h>
static void tick(int sig) {}
int main(void) {
    struct sigaction sa = {.sa_handler = tick, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &sa, NULL);
    struct itimerval t = {.it_value = {0, 100000}};
    struct timespec want = {2, 0}, left = {9, 9};
    setitimer(ITIMER_REAL, &t, NULL);
    SHOW(nanosleep(&want, &left));
    IS(left.tv_sec == 1 && left.tv_nsec > 500000000);
    setitimer(ITIMER_REAL, &t, NULL);
    SHOW(clock_nanosleep(CLOCK_MONOTONIC, 0, &want, &left));
    IS(left.tv_sec == 1 && left.tv_nsec > 500000000);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 2;
    left = (struct timespec){7, 7};
    setitimer(ITIMER_REAL, &t, NULL);
    SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, &left));
    printf("left alone: %ld %ld\n", (long)left.tv_sec, left.tv_nsec);
    want = (struct timespec){0, 1000};
    SHOW(nanosleep(&want, &left));
    printf("left alone: %ld %ld\n", (long)left.tv_sec, left.tv_nsec);
    want.tv_nsec = 1000000000;
    SHOW(nanosleep(&want, NULL));
}
