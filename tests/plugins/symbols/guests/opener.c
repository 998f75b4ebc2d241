/* opener FILE: opens, copies, inherits and closes descriptors, and prints what the kernel says they are. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(const char *who) {
    for (int fd = 0; fd < 20; fd++) {
        char name[32], path[256];
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(name, path, sizeof path);
        if (length > 0)
            printf("%s %d %.*s\n", who, fd, (int)length, path);
    }
    printf("%s .\n", who);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    char buffer[64];
    int file = open(argv[1], O_RDONLY | O_CLOEXEC);
    if (file < 0 || open("/nope", O_RDONLY) >= 0 || read(file, buffer, 10) != 10 || pread(file, buffer, 5, 0) != 5)
        return 3;
    int copy = dup(file), high = fcntl(file, F_DUPFD, 10), ends[2];
    struct iovec parts[2] = {{buffer, 3}, {buffer, 4}};
    if (readv(copy, parts, 2) != 7 || pipe2(ends, 0) != 0 || writev(ends[1], parts, 2) != 7 || read(ends[0], buffer, 64) != 7)
        return 4;
    mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
    show("parent");
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        dup3(file, 15, 0);
        write(ends[1], "x", 1);
        show("child");
        _exit(0);
    }
    close(copy);
    close(high);
    waitpid(child, NULL, 0);
    show("parent");
    return 0;
}
