// Hard links: one file by two names; what link refuses.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static long links(const char *name) {
    struct stat s;
    return stat(name, &s) ? -1 : (long)s.st_nlink;
}

int main(void) {
    int fd = open("a", O_CREAT | O_RDWR, 0644);
    SHOW(link("a", "b"));
    SHOW(write(fd, "text", 4));
    SHOW(links("a"));
    SHOW(links("b"));
    SHOW(link("a", "b"));
    SHOW(link("missing", "c"));
    SHOW(link("a", "no/c"));
    mkdir("d", 0755);
    SHOW(link("d", "e"));
    SHOW(unlink("a"));
    SHOW(links("b"));
    SHOW(access("a", F_OK));
    char text[5] = {0};
    int other = open("b", O_RDONLY);
    SHOW(read(other, text, 4));
    puts(text);
    SHOW(symlink("b", "s"));
    SHOW(linkat(AT_FDCWD, "s", AT_FDCWD, "hard-of-link", 0));
    struct stat s;
    SHOW(lstat("hard-of-link", &s));
    IS(S_ISLNK(s.st_mode));
    SHOW(linkat(AT_FDCWD, "s", AT_FDCWD, "hard-of-target", AT_SYMLINK_FOLLOW));
    SHOW(lstat("hard-of-target", &s));
    IS(S_ISREG(s.st_mode));
    SHOW(linkat(AT_FDCWD, "b", AT_FDCWD, "x", 0x100000));
}
