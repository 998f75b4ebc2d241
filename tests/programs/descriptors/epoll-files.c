// A regular file cannot be waited for by epoll.
#include "../show.h"
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

int main(void) {
    int ep = epoll_create1(EPOLL_CLOEXEC), fd = open("f", O_CREAT | O_RDWR, 0644);
    struct epoll_event e = {.events = EPOLLIN};
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
    SHOW(epoll_ctl(fd, EPOLL_CTL_ADD, ep, &e));
    SHOW(fcntl(ep, F_GETFD));
    int outer = epoll_create1(0), p[2];
    pipe(p);
    e.data.u64 = 5;
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
    e.data.u64 = 6;
    SHOW(epoll_ctl(outer, EPOLL_CTL_ADD, ep, &e));
    SHOW(epoll_wait(outer, &e, 1, 0));
    write(p[1], "x", 1);
    SHOW(epoll_wait(outer, &e, 1, 0));
    printf("%ld\n", (long)e.data.u64);
    char c;
    SHOW(read(ep, &c, 1));
    SHOW(write(ep, &c, 1));
}
