// epoll: level and edge triggered, one shot, changed and removed.
#include "../show.h"
#include <sys/epoll.h>
#include <unistd.h>

static int wait(int ep, int timeout) {
    struct epoll_event e[4];
    int n = epoll_wait(ep, e, 4, timeout);
    printf("%d:", n);
    for (int i = 0; i < n; i++) printf(" %x/%ld", e[i].events, (long)e[i].data.u64);
    puts("");
    return n;
}

int main(void) {
    int p[2], ep = epoll_create1(0);
    pipe(p);
    struct epoll_event e = {.events = EPOLLIN, .data.u64 = 11};
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
    wait(ep, 0);
    write(p[1], "abc", 3);
    wait(ep, -1), wait(ep, 0);
    e.events = EPOLLIN | EPOLLET, e.data.u64 = 22;
    SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
    wait(ep, 0), wait(ep, 0);
    write(p[1], "d", 1);
    wait(ep, 0), wait(ep, 0);
    e.events = EPOLLIN | EPOLLONESHOT, e.data.u64 = 33;
    epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e);
    wait(ep, 0), wait(ep, 0);
    epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e);
    wait(ep, 0);
    SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
    SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
    SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
    e.events = EPOLLOUT, e.data.u64 = 44;
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[1], &e));
    wait(ep, 10);
    close(p[0]);
    wait(ep, 10);
    close(p[1]);
    wait(ep, 0);
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, 0x7f, &e));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &e));
    SHOW(epoll_ctl(ep, 9, 0, &e));
    SHOW(epoll_wait(ep, &e, 0, 0));
    SHOW(epoll_wait(0, &e, 1, 0) == -1);
    SHOW(epoll_create(0));
    SHOW(epoll_create1(77));
}
