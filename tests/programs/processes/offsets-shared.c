// Open files are shared over a fork: one offset for both; closing is each one's own.
#include "../show.h"
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    write(fd, "parent ", 7);
    if (fork() == 0) {
        write(fd, "child ", 6);
        close(fd);
        _exit(0);
    }
    wait(NULL);
    SHOW(lseek(fd, 0, SEEK_CUR));
    write(fd, "again", 5);
    char text[32] = {0};
    SHOW(pread(fd, text, 31, 0));
    puts(text);
    chdir("/");
    if (fork() == 0) {
        umask(077);
        _exit(0);
    }
    wait(NULL);
    umask(022);
    SHOW(umask(022));
}
