// readv, writev, preadv, pwritev and their error paths.
#include "../show.h"
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    struct iovec out[3] = {{"hello ", 6}, {"", 0}, {"world", 5}};
    SHOW(writev(fd, out, 3));
    char a[4] = {0}, b[20] = {0};
    struct iovec in[2] = {{a, 3}, {b, 19}};
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(readv(fd, in, 2));
    printf("[%s] [%s]\n", a, b);
    SHOW(pwritev(fd, out, 1, 20));
    SHOW(preadv(fd, in, 2, 6));
    printf("[%s] [%s]\n", a, b);
    SHOW(preadv2(fd, in, 2, 0, 0));
    SHOW(writev(fd, out, 0));
    SHOW(writev(fd, out, -1));
    SHOW(writev(fd, out, 2000));
    struct iovec bad[2] = {{"ok", 2}, {(void *)8, 4}};
    SHOW(writev(fd, bad, 2) == 2 || errno == EFAULT);
    struct iovec huge[2] = {{a, (size_t)1 << 63}, {b, 1}};
    SHOW(readv(fd, huge, 2));
    SHOW(readv(fd, (void *)8, 2));
    SHOW(readv(50, in, 2));
    SHOW(preadv(fd, in, 2, -5));
}
