// dup, dup2, dup3 and F_DUPFD take the numbers that they should.
#include "../show.h"
#include <fcntl.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    SHOW(dup(fd));
    SHOW(dup2(fd, 10));
    SHOW(dup2(fd, fd));
    SHOW(dup3(fd, fd, 0));
    SHOW(dup3(fd, 11, O_CLOEXEC));
    SHOW(fcntl(11, F_GETFD));
    SHOW(fcntl(10, F_GETFD));
    SHOW(fcntl(fd, F_DUPFD, 8));
    SHOW(fcntl(fd, F_DUPFD, 8));
    SHOW(fcntl(fd, F_DUPFD_CLOEXEC, 0));
    SHOW(fcntl(5, F_GETFD));
    SHOW(fcntl(5, F_SETFD, 0));
    SHOW(fcntl(5, F_GETFD));
    SHOW(close(4));
    SHOW(dup(fd));
    SHOW(dup(99));
    SHOW(dup2(99, 1));
    SHOW(dup2(fd, -1));
    SHOW(dup3(fd, 12, 0x1));
    SHOW(fcntl(fd, F_DUPFD, -1));
    SHOW(fcntl(fd, 9999));
    SHOW(fcntl(99, F_GETFD));
    SHOW(close_range(8, 100, 0));
    SHOW(fcntl(10, F_GETFD));
}
