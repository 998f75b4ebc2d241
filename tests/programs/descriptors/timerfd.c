// timerfd: one shot, periodic, what is left, disarmed.
#include "../show.h"
#include <poll.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

int main(void) {
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    uint64_t n = 0;
    struct itimerspec t = {.it_value = {0, 20000000}}, left;
    SHOW(read(fd, &n, 8));
    SHOW(timerfd_settime(fd, 0, &t, NULL));
    SHOW(timerfd_gettime(fd, &left));
    IS(left.it_value.tv_sec == 0 && left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 20000000);
    SHOW(read(fd, &n, 8));
    struct pollfd p = {fd, POLLIN, 0};
    SHOW(poll(&p, 1, -1));
    SHOW(read(fd, &n, 8));
    printf("%lu\n", (unsigned long)n);
    timerfd_gettime(fd, &left);
    IS(left.it_value.tv_nsec == 0);
    t.it_interval.tv_nsec = 10000000;
    SHOW(timerfd_settime(fd, 0, &t, NULL));
    usleep(65000);
    SHOW(read(fd, &n, 8));
    IS(n >= 5);
    t.it_value.tv_nsec = 0;
    SHOW(timerfd_settime(fd, 0, &t, &left));
    IS(left.it_interval.tv_nsec == 10000000);
    usleep(15000);
    SHOW(read(fd, &n, 8));
    t.it_value.tv_nsec = 1000000000;
    SHOW(timerfd_settime(fd, 0, &t, NULL));
    SHOW(timerfd_create(77, 0));
    SHOW(timerfd_create(CLOCK_REALTIME, 0x123));
    SHOW(timerfd_settime(0, 0, &t, NULL));
    SHOW(read(fd, &n, 4));
}
