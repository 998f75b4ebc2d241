// Symbolic links: reading them, loops, chains, through directories.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    char buffer[64] = {0};
    SHOW(symlink("target-name", "s"));
    SHOW(readlink("s", buffer, sizeof buffer));
    puts(buffer);
    char few[4] = {0};
    SHOW(readlink("s", few, 3));
    puts(few);
    SHOW(readlink("s", buffer, 0));
    SHOW(readlink("missing", buffer, 10));
    close(open("file", O_CREAT | O_WRONLY, 0644));
    SHOW(readlink("file", buffer, 10));
    SHOW(symlink("x", "s"));
    SHOW(symlink("", "empty"));
    SHOW(symlink("loop-b", "loop-a"));
    SHOW(symlink("loop-a", "loop-b"));
    SHOW(open("loop-a", O_RDONLY));
    mkdir("d", 0755);
    SHOW(symlink("d", "to-d"));
    close(open("to-d/inside", O_CREAT | O_WRONLY, 0644));
    SHOW(access("d/inside", F_OK));
    SHOW(symlink("../file", "d/up"));
    SHOW(access("to-d/up", R_OK));
    SHOW(open("to-d/", O_RDONLY | O_DIRECTORY));
    SHOW(readlinkat(3, "up", buffer, sizeof buffer));
    SHOW(unlink("to-d"));
    SHOW(access("d", F_OK));
    SHOW(open("s", O_CREAT | O_EXCL | O_WRONLY, 0644));
    SHOW(open("s", O_CREAT | O_WRONLY, 0644));
    SHOW(access("target-name", F_OK));
    char name[8] = "c0", next[8];
    symlink("file", "c0");
    for (int i = 1; i <= 45; i++) {
        snprintf(next, sizeof next, "c%d", i);
        symlink(name, next);
        strcpy(name, next);
    }
    SHOW(access("c39", F_OK));
    SHOW(access("c40", F_OK));
}
