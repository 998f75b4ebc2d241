// access and faccessat: what is there, and what is asked wrongly.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    SHOW(chmod("f", 0644));
    SHOW(access("f", F_OK));
    SHOW(access("f", R_OK | W_OK));
    SHOW(access("f", X_OK));
    SHOW(chmod("f", 0755));
    SHOW(access("f", X_OK));
    SHOW(access("missing", F_OK));
    SHOW(access("f", 64));
    SHOW(access("f/x", F_OK));
    mkdir("d", 0755);
    int d = open("d", O_RDONLY);
    SHOW(faccessat(d, "../f", R_OK, 0));
    SHOW(faccessat(d, "f", R_OK, 0));
    SHOW(faccessat(fd, "f", R_OK, 0));
    SHOW(faccessat(99, "f", R_OK, 0));
    SHOW(euidaccess("f", R_OK));
    symlink("missing", "s");
    SHOW(access("s", F_OK));
    SHOW(faccessat(AT_FDCWD, "s", F_OK, AT_SYMLINK_NOFOLLOW));
}
