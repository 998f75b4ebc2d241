// The *at calls start at a directory's descriptor, even after it was renamed.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    mkdir("d", 0755);
    int d = open("d", O_RDONLY | O_DIRECTORY);
    SHOW(openat(d, "f", O_CREAT | O_RDWR, 0644));
    SHOW(mkdirat(d, "sub", 0755));
    SHOW(symlinkat("f", d, "s"));
    SHOW(linkat(d, "f", d, "g", 0));
    SHOW(renameat(d, "g", AT_FDCWD, "moved"));
    SHOW(access("moved", F_OK));
    SHOW(access("d/sub", F_OK));
    SHOW(rename("d", "renamed"));
    SHOW(openat(d, "f", O_RDONLY));
    SHOW(access("renamed/f", F_OK));
    SHOW(openat(4, "f", O_RDONLY));
    SHOW(openat(99, "f", O_RDONLY));
    int path = open("renamed", O_PATH | O_DIRECTORY);
    SHOW(openat(path, "f", O_RDONLY));
    char c;
    SHOW(read(path, &c, 1));
    SHOW(fchmod(path, 0700));
    SHOW(faccessat(path, "sub", F_OK, 0));
}
