// A timer without a sigevent sends SIGALRM, which ends a program that has no handler.
#include "../show.h"
#include <signal.h>
#include <time.h>
#include <unistd.h>
int main(void) {
    timer_t timer;
    SHOW(timer_create(CLOCK_MONOTONIC, NULL, &timer));
    struct itimerspec its = {.it_value = {0, 10000000}};
    SHOW(timer_settime(timer, 0, &its, NULL));
    fflush(stdout);
    for (;;) ;
}
