// flock and fcntl record locks, of one process with itself.
#include "../show.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int main(void) {
    int a = open("f", O_CREAT | O_RDWR, 0644), b = open("f", O_RDWR);
    SHOW(flock(a, LOCK_EX | LOCK_NB));
    SHOW(flock(b, LOCK_EX | LOCK_NB));
    SHOW(flock(b, LOCK_SH | LOCK_NB));
    SHOW(flock(a, LOCK_UN));
    SHOW(flock(b, LOCK_SH | LOCK_NB));
    SHOW(flock(a, LOCK_SH | LOCK_NB));
    SHOW(flock(a, LOCK_EX | LOCK_NB));
    SHOW(flock(99, LOCK_SH));
    SHOW(flock(a, 77));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
    SHOW(fcntl(a, F_SETLK, &lock));
    SHOW(fcntl(b, F_SETLK, &lock));
    lock.l_type = F_WRLCK;
    SHOW(fcntl(b, F_GETLK, &lock));
    IS(lock.l_type == F_UNLCK);
    lock.l_type = 99;
    SHOW(fcntl(a, F_SETLK, &lock));
    lock.l_type = F_UNLCK;
    SHOW(fcntl(a, F_SETLK, &lock));
}
