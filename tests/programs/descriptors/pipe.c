// A pipe: order, end of file, EPIPE, capacity without blocking.
#include "../show.h"
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

int main(void) {
    int p[2];
    char text[32] = {0};
    signal(SIGPIPE, SIG_IGN);
    SHOW(pipe2(p, O_NONBLOCK));
    printf("%d %d\n", p[0], p[1]);
    SHOW(read(p[0], text, 10));
    SHOW(write(p[1], "hello", 5));
    SHOW(write(p[1], " world", 6));
    SHOW(read(p[0], text, 7));
    SHOW(read(p[0], text + 7, 20));
    puts(text);
    char block[4096] = {0};
    long total = 0, n;
    while ((n = write(p[1], block, sizeof block)) > 0) total += n;
    printf("%ld %s\n", total, strerrorname_np(errno));
    SHOW(fcntl(p[1], F_GETPIPE_SZ));
    SHOW(read(p[0], block, sizeof block));
    SHOW(write(p[1], block, sizeof block));
    SHOW(write(p[0], "x", 1));
    SHOW(read(p[1], text, 1));
    SHOW(close(p[1]));
    total = 0;
    while ((n = read(p[0], block, sizeof block)) > 0) total += n;
    printf("%ld %ld\n", total, n);
    SHOW(pipe(p));
    close(p[0]);
    SHOW(write(p[1], "x", 1));
    SHOW(pipe2(p, 0x123456));
}
