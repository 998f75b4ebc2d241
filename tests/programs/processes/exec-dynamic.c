// witness: native, because QEMU 7.2 leaves execve to the host
// link: dynamic
// A dynamically linked program executes itself in a child: loader, libraries and thread-local storage are all new.
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static __thread int local = 5;

int main(int argc, char **argv) {
    if (argc > 1) {
        printf("child %d %s\n", local, argv[1]);
        return 6;
    }
    local = 7;
    if (fork() == 0) {
        execl("/proc/self/exe", "program", "argument", NULL);
        _exit(99);
    }
    int status;
    wait(&status);
    printf("parent %d %d\n", local, WEXITSTATUS(status));
}
