// clone by hand: shared memory without a thread, a signal other than SIGCHLD, the child's id written.
#include "../show.h"
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int shared;
static int child(void *p) {
    shared = *(int *)p;
    return 17;
}

int main(void) {
    char *stack = malloc(65536);
    int argument = 5, status;
    pid_t pid = clone(child, stack + 65536, SIGCHLD, &argument);
    waitpid(pid, &status, 0);
    printf("%d %d\n", shared, WEXITSTATUS(status));
    SHOW(clone(child, stack + 65536, CLONE_SIGHAND | SIGCHLD, &argument));
    SHOW(clone(child, stack + 65536, CLONE_THREAD | SIGCHLD, &argument));
}
