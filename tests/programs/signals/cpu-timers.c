// Timers that run while the program computes, and stand still while it sleeps.
#include "../show.h"
#include <signal.h>
#include <sys/time.h>
#include <time.h>
static volatile int virtuals, profs;
static void on_virtual(int sig) { virtuals++; }
static void on_prof(int sig) { profs++; }
int main(void) {
    signal(SIGVTALRM, on_virtual);
    signal(SIGPROF, on_prof);
    struct itimerval t = {{0, 20000}, {0, 20000}}, left, off = {0};
    SHOW(setitimer(ITIMER_VIRTUAL, &t, NULL));
    struct timespec second = {0, 100000000};
    nanosleep(&second, NULL);
    IS(virtuals == 0);
    while (virtuals < 3) ;
    SHOW(getitimer(ITIMER_VIRTUAL, &left));
    IS(left.it_interval.tv_usec == 20000 && left.it_value.tv_usec <= 20000 && left.it_value.tv_usec > 0);
    SHOW(setitimer(ITIMER_VIRTUAL, &off, NULL));
    t.it_interval.tv_usec = 0;
    SHOW(setitimer(ITIMER_PROF, &t, NULL));
    while (profs < 1) ;
    SHOW(getitimer(ITIMER_PROF, &left));
    printf("%ld %ld\n", (long)left.it_value.tv_sec, (long)left.it_value.tv_usec);
    t.it_value.tv_usec = 1000000;
    SHOW(setitimer(ITIMER_REAL, &t, NULL));
    t.it_value.tv_usec = -1;
    SHOW(setitimer(ITIMER_REAL, &t, NULL));
    SHOW(getitimer(3, &left));
}
