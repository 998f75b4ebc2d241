// Modes of new files under a umask, and changing them.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void mode(const char *name) {
    struct stat s;
    if (stat(name, &s) == 0) printf("%s %o\n", name, s.st_mode & 07777);
}

int main(void) {
    umask(0);
    SHOW(umask(027));
    close(open("a", O_CREAT | O_WRONLY, 0666));
    mkdir("b", 0777);
    mode("a"), mode("b");
    SHOW(umask(0777));
    SHOW(umask(01022));
    SHOW(umask(022));
    SHOW(chmod("a", 0600));
    mode("a");
    SHOW(chmod("b", 0511));
    mode("b");
    SHOW(chmod("missing", 0600));
    int fd = open("a", O_RDWR);
    SHOW(fchmod(fd, 0644));
    mode("a");
    SHOW(fchmodat(AT_FDCWD, "a", 0400, 0));
    mode("a");
    SHOW(fchmod(99, 0600));
    SHOW(chmod("a/b", 0600));
    SHOW(chown("a", -1, -1));
    SHOW(fchown(fd, -1, -1));
    SHOW(lchown("missing", -1, -1));
}
