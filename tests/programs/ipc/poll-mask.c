// A mask for the time of a wait: a signal that it lets through ends the wait, and is blocked again after.
#include "../show.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

static volatile int count;
static void handler(int signal) {
    sigset_t now;
    sigprocmask(SIG_BLOCK, 0, &now);
    printf("handler, SIGUSR2 blocked: %d\n", sigismember(&now, SIGUSR2));
    count++;
}

int main(void) {
    sigset_t blocked, none;
    sigemptyset(&none);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigaddset(&blocked, SIGUSR2);
    sigprocmask(SIG_BLOCK, &blocked, 0);
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, 0);
    struct timespec second = {1, 0}, none_at_all = {0, 0};
    int p[2];
    pipe(p);
    struct pollfd entry = {p[0], POLLIN};

    raise(SIGUSR1);
    SHOW(ppoll(&entry, 1, &none_at_all, 0));
    SHOW(ppoll(&entry, 1, &second, &none));
    SHOW(count);
    SHOW(ppoll(&entry, 1, &none_at_all, &none));
    raise(SIGUSR1);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(p[0], &set);
    SHOW(pselect(p[0] + 1, &set, 0, 0, 0, &none));
    IS(FD_ISSET(p[0], &set));
    raise(SIGUSR1);
    int ep = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN};
    epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e);
    SHOW(epoll_pwait(ep, &e, 1, -1, &none));
    SHOW(count);
    write(p[1], "x", 1);
    raise(SIGUSR1);
    SHOW(epoll_pwait(ep, &e, 1, -1, &blocked));
    SHOW(count);
    sigset_t now;
    sigprocmask(SIG_BLOCK, 0, &now);
    IS(sigismember(&now, SIGUSR1));
    IS(sigismember(&now, SIGUSR2));
}
