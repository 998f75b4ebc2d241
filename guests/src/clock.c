/* clock: prints everything that differs between two runs on a real machine: clocks, random bytes, the
   process id. Under a deterministic machine two runs print the same. */
#include <stdint.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void show_clock(const char *name, clockid_t clock) {
    struct timespec now, resolution;
    if (clock_gettime(clock, &now) != 0 || clock_getres(clock, &resolution) != 0) {
        printf("%s: not there\n", name);
        return;
    }
    printf("%s: %lld.%09ld, resolution %ld ns\n", name, (long long)now.tv_sec, now.tv_nsec, resolution.tv_nsec);
}

static void show_bytes(const char *name, const uint8_t *bytes, int count) {
    printf("%s:", name);
    for (int i = 0; i < count; i++)
        printf(" %02x", bytes[i]);
    printf("\n");
}

static long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

int main(void) {
    show_clock("CLOCK_REALTIME", CLOCK_REALTIME);
    show_clock("CLOCK_MONOTONIC", CLOCK_MONOTONIC);
    show_clock("CLOCK_BOOTTIME", CLOCK_BOOTTIME);
    show_clock("CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID);
    show_clock("CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID);

    struct timeval day;
    gettimeofday(&day, NULL);
    printf("gettimeofday: %lld.%06ld\n", (long long)day.tv_sec, (long)day.tv_usec);

    uint8_t bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes)
        show_bytes("getrandom", bytes, sizeof bytes);
    show_bytes("AT_RANDOM", (const uint8_t *)getauxval(AT_RANDOM), 16);
    printf("pid: %d\n", (int)getpid());

    long long before = nanoseconds();
    struct timespec nap = {0, 5000000};
    int slept = nanosleep(&nap, NULL);
    long long passed = nanoseconds() - before;
    printf("nanosleep: %d, %lld ns passed, %s\n", slept, passed, passed >= nap.tv_nsec ? "enough" : "too few");
    return 0;
}
