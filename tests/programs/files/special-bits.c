// Special permission bits: set-user-ID, set-group-ID and sticky, as they are set, inherited and shown.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void tell(const char *name) {
    struct stat s;
    stat(name, &s);
    printf("%s: %o\n", name, s.st_mode & 07777);
}

int main(void) {
    umask(022);
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    SHOW(fchmod(fd, 04755));
    tell("f");
    SHOW(chmod("f", 02755));
    tell("f");
    SHOW(chmod("f", 01644));
    tell("f");
    SHOW(chmod("f", 0644));
    tell("f");
    SHOW(mkdir("d", 01777));
    tell("d");
    SHOW(mkdir("e", 06755));
    tell("e");
    SHOW(chmod("d", 02775));
    SHOW(mkdir("d/inside", 0755));
    tell("d/inside");
    close(open("d/file", O_CREAT | O_WRONLY, 0666));
    tell("d/file");
    close(open("given", O_CREAT | O_WRONLY, 04711));
    tell("given");
    SHOW(rename("given", "d/given"));
    tell("d/given");
}
