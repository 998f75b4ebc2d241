// poll on pipes, files and what is closed; its timeout.
#include "../show.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    int p[2];
    pipe(p);
    struct pollfd fds[3] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}, {-1, POLLIN, 0}};
    SHOW(poll(fds, 3, 0));
    printf("%x %x %x\n", fds[0].revents, fds[1].revents, fds[2].revents);
    write(p[1], "x", 1);
    SHOW(poll(fds, 3, -1));
    printf("%x %x\n", fds[0].revents, fds[1].revents);
    close(p[1]);
    fds[1].fd = 50;
    SHOW(poll(fds, 2, 0));
    printf("%x %x\n", fds[0].revents, fds[1].revents);
    char c;
    read(p[0], &c, 1);
    SHOW(poll(fds, 1, 0));
    printf("%x\n", fds[0].revents);
    pipe(p);
    fds[0].fd = p[0];
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    SHOW(poll(fds, 1, 30));
    clock_gettime(CLOCK_MONOTONIC, &b);
    IS((b.tv_sec - a.tv_sec) * 1000000000LL + b.tv_nsec - a.tv_nsec >= 30000000);
    fds[0].fd = open("f", O_CREAT | O_RDWR, 0644), fds[0].events = POLLIN | POLLOUT;
    SHOW(poll(fds, 1, 0));
    printf("%x\n", fds[0].revents);
    close(p[0]);
    fds[0].fd = p[1], fds[0].events = POLLOUT;
    SHOW(poll(fds, 1, 0));
    printf("%x\n", fds[0].revents);
    SHOW(poll(NULL, 0, 1));
    struct timespec bad = {0, -1};
    SHOW(ppoll(fds, 1, &bad, NULL));
    SHOW(poll((void *)8, 1, 0));
}
