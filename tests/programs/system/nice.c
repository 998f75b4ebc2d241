// getpriority, setpriority and nice: how nice a process is, and its child.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(const char *what) {
    errno = 0;
    int priority = getpriority(PRIO_PROCESS, 0);
    printf("%s: %d, %s\n", what, priority, errno ? strerror(errno) : "no error");
    fflush(stdout);
}

static void set(int which, int who, int priority) {
    int result = setpriority(which, who, priority);
    printf("setpriority(%d, %d, %d): %d %s\n", which, who != 0, priority, result, result ? strerror(errno) : "");
    show("then");
}

int main(void) {
    show("first");
    set(PRIO_PROCESS, 0, 5);
    set(PRIO_PROCESS, getpid(), 7);
    set(3, 0, 8);
    set(PRIO_PROCESS, 1 << 22, 9);
    set(PRIO_PROCESS, 0, 100);
    if (fork() == 0) {
        show("child");
        printf("nice: %d\n", nice(0));
        return 0;
    }
    wait(NULL);
    return 0;
}
