// splice and tee move bytes between pipes.
#include "../show.h"
#include <fcntl.h>
#include <unistd.h>

int main(void) {
    int p[2], q[2], fd = open("f", O_CREAT | O_RDWR, 0644);
    char text[32] = {0};
    pipe(p), pipe(q);
    write(p[1], "0123456789", 10);
    SHOW(tee(p[0], q[1], 4, 0));
    SHOW(read(q[0], text, 31));
    puts(text);
    SHOW(splice(p[0], NULL, q[1], NULL, 6, 0));
    SHOW(read(q[0], text, 31));
    puts(text);
    SHOW(splice(p[0], NULL, fd, NULL, 100, 0));
    SHOW(pread(fd, text, 31, 0));
    off64_t at = 1;
    SHOW(splice(fd, &at, q[1], NULL, 2, 0));
    printf("%ld\n", (long)at);
    SHOW(splice(fd, NULL, fd, NULL, 1, 0));
    SHOW(splice(p[0], NULL, q[1], NULL, 1, SPLICE_F_NONBLOCK));
}
