// Terminal requests to what is no terminal; FIONREAD on a pipe and on a file.
#include "../show.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int main(void) {
    struct termios t;
    struct winsize w;
    int n = -1, p[2], fd = open("f", O_CREAT | O_RDWR, 0644);
    pipe(p);
    SHOW(ioctl(p[0], TIOCGWINSZ, &w));
    SHOW(ioctl(fd, TCGETS, &t));
    SHOW(tcgetattr(fd, &t));
    SHOW(isatty(p[0]));
    write(p[1], "abcde", 5);
    SHOW(ioctl(p[0], FIONREAD, &n));
    printf("%d\n", n);
    write(fd, "1234567", 7);
    lseek(fd, 2, SEEK_SET);
    SHOW(ioctl(fd, FIONREAD, &n));
    printf("%d\n", n);
    SHOW(ioctl(fd, FIOCLEX));
    SHOW(fcntl(fd, F_GETFD));
    SHOW(ioctl(fd, FIONCLEX));
    SHOW(fcntl(fd, F_GETFD));
    n = 1;
    SHOW(ioctl(p[0], FIONBIO, &n));
    IS((fcntl(p[0], F_GETFL) & O_NONBLOCK) != 0);
    SHOW(ioctl(99, FIONREAD, &n));
    IS(ttyname(fd) == NULL && errno == ENOTTY);
}
