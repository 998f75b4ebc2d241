// Epoll knows files, not numbers: a closed number still reports while another one holds its file.
#include "../show.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int main(void) {
    struct epoll_event e = {.events = EPOLLIN}, got[4];
    int ep = epoll_create1(0), ev = eventfd(1, 0), twin = dup(ev);
    e.data.u64 = 0x123456789abcdef0;
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
    e.data.u64 = 2;
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, twin, &e));
    SHOW(close(ev));
    SHOW(epoll_wait(ep, got, 4, 0));
    printf("%llx %llx\n", (long long)got[0].data.u64, (long long)got[1].data.u64);
    SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, ev, &e));
    SHOW(close(twin));
    SHOW(epoll_wait(ep, got, 4, 0));
    int p[2];
    pipe(p);
    e.events = EPOLLOUT | EPOLLET;
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[1], &e));
    SHOW(epoll_wait(ep, got, 4, 0));
    SHOW(epoll_wait(ep, got, 4, 0));
    SHOW(close(p[0]));
    SHOW(epoll_wait(ep, got, 4, 0));
    printf("%x\n", got[0].events);
}
