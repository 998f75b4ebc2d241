// F_GETFL tells how a descriptor was opened; F_SETFL changes only what may change.
#include "../show.h"
#include <fcntl.h>
#include <unistd.h>

static void flags(int fd) {
    int f = fcntl(fd, F_GETFL);
    printf("access %d append %d nonblock %d\n", f & O_ACCMODE, !!(f & O_APPEND), !!(f & O_NONBLOCK));
}

int main(void) {
    int a = open("f", O_CREAT | O_WRONLY | O_APPEND, 0644);
    int b = open("f", O_RDONLY | O_NONBLOCK);
    int c = dup(b);
    flags(a), flags(b), flags(c);
    SHOW(fcntl(b, F_SETFL, O_RDWR));
    flags(b), flags(c);
    int p[2];
    pipe(p);
    flags(p[0]), flags(p[1]);
    SHOW(fcntl(p[0], F_SETFL, O_NONBLOCK));
    char x;
    SHOW(read(p[0], &x, 1));
    SHOW(fcntl(99, F_GETFL));
}
