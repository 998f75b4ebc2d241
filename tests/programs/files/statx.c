// statx: the mask tells what is there.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    struct statx x;
    int fd = open("f", O_CREAT | O_RDWR, 0640);
    SHOW(fchmod(fd, 0640));
    SHOW(write(fd, "abc", 3));
    SHOW(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS, &x));
    IS((x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
    printf("mode %o size %ld links %u\n", x.stx_mode, (long)x.stx_size, x.stx_nlink);
    SHOW(statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &x));
    printf("size %ld\n", (long)x.stx_size);
    SHOW(statx(AT_FDCWD, "missing", 0, STATX_SIZE, &x));
    SHOW(statx(99, "f", 0, STATX_SIZE, &x));
    SHOW(statx(AT_FDCWD, "f", AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC, STATX_SIZE, &x));
}
