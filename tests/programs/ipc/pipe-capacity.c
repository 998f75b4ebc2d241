// What fits into a pipe: pages, not bytes; its size can be changed; short writes are whole.
#include "../show.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char buffer[200000];

int main(void) {
    int p[2], n;
    SHOW(pipe2(p, O_NONBLOCK));
    SHOW(fcntl(p[0], F_GETPIPE_SZ));
    SHOW(write(p[1], buffer, 100000));
    SHOW(write(p[1], buffer, 1));
    SHOW(read(p[0], buffer, 4095));
    SHOW(write(p[1], buffer, 1));
    SHOW(read(p[0], buffer, 1));
    SHOW(write(p[1], buffer, 4096));
    SHOW(write(p[1], buffer, 1));
    SHOW(ioctl(p[0], FIONREAD, &n));
    SHOW(n);
    SHOW(fcntl(p[1], F_SETPIPE_SZ, 4096));
    SHOW(fcntl(p[1], F_SETPIPE_SZ, 70000));
    SHOW(write(p[1], buffer, 100000));
    SHOW(read(p[0], buffer, 200000));
    SHOW(fcntl(p[1], F_SETPIPE_SZ, 1));
    SHOW(write(p[1], buffer, 3000));
    SHOW(write(p[1], buffer, 2000));
    SHOW(write(p[1], buffer, 1000));
    SHOW(ioctl(p[1], FIONREAD, &n));
    SHOW(n);
    SHOW(fcntl(0, F_SETPIPE_SZ, -1));
    SHOW(pipe2(p, 1));
    SHOW(pipe2((void *)8, 0));
}
