// A file that is unlinked while open lives on until it is closed.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    SHOW(write(fd, "still here", 10));
    SHOW(unlink("f"));
    SHOW(access("f", F_OK));
    struct stat s;
    SHOW(fstat(fd, &s));
    printf("links %ld size %ld\n", (long)s.st_nlink, (long)s.st_size);
    char text[16] = {0};
    SHOW(pread(fd, text, 15, 0));
    puts(text);
    SHOW(write(fd, "!", 1));
    int again = open("f", O_CREAT | O_EXCL | O_RDWR, 0644);
    struct stat t;
    fstat(again, &t);
    fstat(fd, &s);
    printf("new size %ld, old size %ld\n", (long)t.st_size, (long)s.st_size);
    SHOW(unlink("missing"));
    mkdir("d", 0755);
    SHOW(unlink("d"));
    SHOW(unlink("f/x"));
    SHOW(unlinkat(AT_FDCWD, "f", 0x1));
    SHOW(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR));
    SHOW(unlinkat(AT_FDCWD, "f", AT_REMOVEDIR));
    SHOW(remove("f"));
}
