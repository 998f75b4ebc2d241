// The mask of ppoll and pselect: for the time of the wait only, and a file that is ready goes first.
#include "../show.h"
#include <poll.h>
#include <signal.h>
#include <sys/select.h>
#include <unistd.h>
static int got;
static void handler(int sig) {
    sigset_t now;
    sigprocmask(0, NULL, &now);
    printf("handler: usr1 %d usr2 %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
    got++;
}
static void show_mask(void) {
    sigset_t now;
    sigprocmask(0, NULL, &now);
    printf("mask: usr1 %d usr2 %d got %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2), got);
}
int main(void) {
    sigset_t blocked, none, two;
    sigemptyset(&none);
    sigemptyset(&two);
    sigaddset(&two, SIGUSR2);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    struct sigaction sa = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &sa, NULL);
    int fds[2];
    pipe(fds);
    struct pollfd p = {fds[0], POLLIN, 0};
    struct timespec soon = {0, 1000000};
    SHOW(ppoll(&p, 1, &soon, &none));
    show_mask();
    raise(SIGUSR1);
    SHOW(ppoll(&p, 1, &soon, NULL));
    SHOW(ppoll(&p, 1, NULL, &two));
    show_mask();
    raise(SIGUSR1);
    write(fds[1], "x", 1);
    SHOW(ppoll(&p, 1, NULL, &none));
    show_mask();
    char c;
    read(fds[0], &c, 1);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fds[0], &set);
    SHOW(pselect(fds[0] + 1, &set, NULL, NULL, NULL, &none));
    show_mask();
    FD_ZERO(&set);
    SHOW(pselect(0, NULL, NULL, NULL, &soon, &two));
    show_mask();
}
