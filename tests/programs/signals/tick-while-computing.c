// A timer interrupts a computation many times, at any instruction; the result is as without it.
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/time.h>
static volatile int ticks;
static double noise = 1;
static void tick(int sig) {
    ticks++;
    for (int i = 0; i < 20; i++) noise = noise * 1.25 / 1.125 + 1 / noise;
}
static uint64_t work(double *sum) {
    uint64_t h = 1469598103934665603u;
    double s = 0;
    for (int i = 1; i < 300000; i++) {
        h = (h ^ i) * 1099511628211u;
        s += 1.0 / i * (h & 7);
    }
    *sum = s;
    return h;
}
int main(void) {
    double plain, disturbed = 0;
    uint64_t h = work(&plain), g = 0;
    signal(SIGALRM, tick);
    struct itimerval t = {{0, 200}, {0, 200}}, off = {0};
    setitimer(ITIMER_REAL, &t, NULL);
    while (ticks < 10) g = work(&disturbed);
    setitimer(ITIMER_REAL, &off, NULL);
    printf("%lx %d %d\n", (unsigned long)h, h == g, plain == disturbed);
}
