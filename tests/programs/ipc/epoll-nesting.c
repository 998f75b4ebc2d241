// What epoll_ctl refuses: circles, depth, exclusive ones, files and numbers that do not fit.
#include "../show.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int main(void) {
    struct epoll_event e = {.events = EPOLLIN};
    int chain[8];
    for (int i = 0; i < 8; i++) chain[i] = epoll_create1(0);
    for (int i = 1; i < 8; i++) SHOW(epoll_ctl(chain[i], EPOLL_CTL_ADD, chain[i - 1], &e));
    SHOW(epoll_ctl(chain[0], EPOLL_CTL_ADD, chain[3], &e));
    SHOW(epoll_ctl(chain[0], EPOLL_CTL_ADD, chain[0], &e));
    SHOW(epoll_ctl(chain[0], EPOLL_CTL_DEL, chain[3], &e));
    int ev = eventfd(0, 0);
    SHOW(epoll_ctl(chain[0], 9, ev, &e));
    SHOW(epoll_ctl(chain[0], EPOLL_CTL_MOD, ev, &e));
    SHOW(epoll_ctl(chain[0], EPOLL_CTL_ADD, ev, &e));
    SHOW(epoll_ctl(chain[0], EPOLL_CTL_ADD, ev, &e));
    SHOW(epoll_ctl(ev, EPOLL_CTL_ADD, chain[0], &e));
    SHOW(epoll_ctl(99, EPOLL_CTL_ADD, ev, &e));
    SHOW(epoll_ctl(chain[0], EPOLL_CTL_ADD, 99, &e));
    SHOW(epoll_ctl(chain[0], EPOLL_CTL_ADD, ev, (void *)8));
    e.events = EPOLLIN | EPOLLEXCLUSIVE;
    SHOW(epoll_ctl(chain[1], EPOLL_CTL_MOD, ev, &e));
    SHOW(epoll_ctl(chain[7], EPOLL_CTL_ADD, ev, &e));
    SHOW(epoll_ctl(chain[7], EPOLL_CTL_MOD, ev, &e));
    e.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
    SHOW(epoll_ctl(chain[6], EPOLL_CTL_ADD, ev, &e));
    SHOW(epoll_wait(chain[0], &e, 0, 0));
    SHOW(epoll_wait(chain[0], &e, -1, 0));
    SHOW(epoll_wait(ev, &e, 1, 0));
    SHOW(epoll_wait(99, &e, 1, 0));
    eventfd_write(ev, 1);
    SHOW(epoll_wait(chain[0], (void *)8, 1, 0));
    SHOW(epoll_wait(chain[0], &e, 1, 0));
    SHOW(epoll_wait(chain[4], &e, 1, 0));
    SHOW(epoll_create1(1));
}
