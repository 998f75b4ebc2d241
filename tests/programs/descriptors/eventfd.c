// eventfd as counter and as semaphore, and its limits.
#include "../show.h"
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int main(void) {
    uint64_t v;
    int fd = eventfd(3, EFD_NONBLOCK);
    SHOW(read(fd, &v, 8));
    printf("%lu\n", (unsigned long)v);
    SHOW(read(fd, &v, 8));
    for (v = 1; v < 5; v++) write(fd, &v, 8);
    SHOW(read(fd, &v, 8));
    printf("%lu\n", (unsigned long)v);
    v = UINT64_MAX;
    SHOW(write(fd, &v, 8));
    v = UINT64_MAX - 1;
    SHOW(write(fd, &v, 8));
    v = 1;
    SHOW(write(fd, &v, 8));
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    SHOW(poll(&p, 1, 0));
    printf("%x\n", p.revents);
    SHOW(read(fd, &v, 4));
    SHOW(read(fd, &v, 8));
    SHOW(write(fd, &v, 4));
    int s = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    for (int i = 0; i < 3; i++) {
        v = 9;
        SHOW(read(s, &v, 8));
        printf("%lu\n", (unsigned long)v);
    }
    SHOW(eventfd(0, 0x40000));
    SHOW(lseek(fd, 0, SEEK_SET));
}
