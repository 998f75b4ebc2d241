// fallocate, posix_fallocate, fadvise, fsync, fdatasync, sync_file_range on files and on what is none.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    struct stat s;
    ERR(posix_fallocate(fd, 0, 5000));
    fstat(fd, &s);
    printf("size %ld\n", (long)s.st_size);
    ERR(posix_fallocate(fd, 0, 0));
    ERR(posix_fallocate(fd, -1, 10));
    SHOW(fallocate(fd, 0, 0, 0));
    SHOW(fsync(fd));
    SHOW(fdatasync(fd));
    SHOW(fsync(99));
    ERR(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
    ERR(posix_fadvise(fd, 0, 0, 77));
    ERR(posix_fadvise(99, 0, 0, POSIX_FADV_NORMAL));
    int p[2];
    pipe(p);
    SHOW(fsync(p[0]));
    ERR(posix_fadvise(p[0], 0, 0, POSIX_FADV_NORMAL));
    SHOW(lseek(p[0], 0, SEEK_SET));
    SHOW(ftruncate(p[1], 0));
}
