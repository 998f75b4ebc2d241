// stat, lstat, fstat, fstatat: types, sizes, link counts.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void tell(const char *what, const struct stat *s) {
    const char *type = S_ISREG(s->st_mode)   ? "file"
                       : S_ISDIR(s->st_mode) ? "directory"
                       : S_ISLNK(s->st_mode) ? "link"
                                             : "other";
    printf("%s: %s mode %o links %ld", what, type, s->st_mode & 07777, S_ISDIR(s->st_mode) ? 0 : (long)s->st_nlink);
    if (!S_ISDIR(s->st_mode)) printf(" size %ld", (long)s->st_size);
    puts("");
}

int main(void) {
    struct stat s, t;
    umask(022);
    int fd = open("f", O_CREAT | O_RDWR, 0666);
    write(fd, "1234567", 7);
    mkdir("d", 0777);
    symlink("f", "s");
    symlink("nowhere", "dangling");
    link("f", "g");
    SHOW(stat("f", &s)); tell("f", &s);
    SHOW(stat("s", &t)); tell("s", &t);
    IS(s.st_ino == t.st_ino && s.st_dev == t.st_dev);
    SHOW(lstat("s", &t)); tell("s itself", &t);
    SHOW(lstat("dangling", &t)); tell("dangling", &t);
    SHOW(stat("dangling", &t));
    SHOW(fstat(fd, &t)); tell("fd", &t);
    SHOW(stat("d", &t)); tell("d", &t);
    int d = open("d", O_RDONLY | O_DIRECTORY);
    SHOW(fstatat(d, "../f", &t, 0)); tell("../f", &t);
    SHOW(fstatat(d, "../s", &t, AT_SYMLINK_NOFOLLOW)); tell("../s", &t);
    SHOW(fstatat(fd, "", &t, AT_EMPTY_PATH)); tell("empty path", &t);
    SHOW(fstatat(fd, "", &t, 0));
    SHOW(fstatat(fd, "f", &t, 0));
    SHOW(fstatat(99, "f", &t, 0));
    SHOW(fstatat(AT_FDCWD, "f", &t, 0x4000000));
    SHOW(fstat(99, &t));
    SHOW(stat("", &t));
    SHOW(stat("f/x", &t));
    SHOW(syscall(SYS_newfstatat, AT_FDCWD, "f", (void *)16, 0));
    SHOW(syscall(SYS_newfstatat, AT_FDCWD, (void *)16, &t, 0));
    IS(s.st_blksize > 0);
}
