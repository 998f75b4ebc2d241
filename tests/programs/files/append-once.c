// witness: native, because QEMU 7.2 has no pwritev2
// flags: -D_GNU_SOURCE
// RWF_APPEND writes at the end for one call, whether a position is given or not; of the others, none changes what is written.
#include "../show.h"
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    char text[64] = {0};
    struct iovec two[2] = {{"ab", 2}, {"cd", 2}}, into = {text, 63};
    SHOW(write(fd, "0123456789", 10));
    SHOW(lseek(fd, 2, SEEK_SET));
    SHOW(pwritev2(fd, two, 2, 0, RWF_APPEND));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(pwritev2(fd, two, 2, -1, RWF_APPEND));
    SHOW(lseek(fd, 0, SEEK_CUR));
    IS((fcntl(fd, F_GETFL) & O_APPEND) == 0);
    SHOW(pwritev2(fd, two, 2, 1, RWF_SYNC | RWF_DSYNC));
    SHOW(pwritev2(fd, two, 2, -2, RWF_APPEND));
    SHOW(pwritev2(fd, two, 2, 0, 0x4000000));
    SHOW(preadv2(fd, &into, 1, 0, RWF_HIPRI));
    puts(text);
}
