// utimensat: exact times, UTIME_OMIT, nanoseconds out of range.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static void tell(const char *name) {
    struct stat s;
    lstat(name, &s);
    printf("%s: %ld.%09ld %ld.%09ld\n", name, (long)s.st_atim.tv_sec, s.st_atim.tv_nsec, (long)s.st_mtim.tv_sec,
           s.st_mtim.tv_nsec);
}

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    struct timespec both[2] = {{1000000000, 123000000}, {1234567890, 500000000}};
    SHOW(utimensat(AT_FDCWD, "f", both, 0));
    tell("f");
    struct timespec one[2] = {{0, UTIME_OMIT}, {42, 0}};
    SHOW(utimensat(AT_FDCWD, "f", one, 0));
    tell("f");
    struct timespec none[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
    SHOW(futimens(fd, none));
    tell("f");
    struct timespec bad[2] = {{0, 1000000000}, {0, 0}};
    SHOW(futimens(fd, bad));
    SHOW(utimensat(AT_FDCWD, "missing", both, 0));
    struct timeval micro[2] = {{7, 250000}, {8, 750000}};
    SHOW(utimes("f", micro));
    tell("f");
    struct timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    SHOW(futimens(fd, now));
    struct stat s;
    fstat(fd, &s);
    IS(s.st_mtim.tv_sec > 8);
}
