// Clocks go forward, sleeping takes at least its time, and wrong clocks are refused.
#include "../show.h"
#include <time.h>
#include <sys/time.h>
#include <unistd.h>

static long long ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void) {
    const clockid_t all[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
                             CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME};
    for (int i = 0; i < 8; i++) {
        long long a = ns(all[i]);
        for (volatile int j = 0; j < 10000; j++)
            ;
        long long b = ns(all[i]);
        printf("clock %d: %s\n", i, b >= a && a >= 0 ? "goes on" : "goes back");
        struct timespec r;
        SHOW(clock_getres(all[i], &r));
    }
    long long before = ns(CLOCK_MONOTONIC);
    struct timespec nap = {0, 20000000};
    SHOW(nanosleep(&nap, NULL));
    IS(ns(CLOCK_MONOTONIC) - before >= 20000000);
    before = ns(CLOCK_MONOTONIC);
    struct timespec until = {(before + 30000000) / 1000000000, (before + 30000000) % 1000000000};
    ERR(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
    IS(ns(CLOCK_MONOTONIC) >= before + 30000000);
    ERR(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
    struct timespec t, bad = {0, 1000000000}, negative = {-1, 0};
    SHOW(clock_gettime(77, &t));
    SHOW(nanosleep(&bad, NULL));
    SHOW(nanosleep(&negative, NULL));
    IS(time(NULL) > 1000000000);
    struct timeval tv;
    SHOW(gettimeofday(&tv, NULL));
    IS(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
    IS(usleep(1000) == 0);
    SHOW(sleep(0));
}
