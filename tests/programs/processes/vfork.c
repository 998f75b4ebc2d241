// vfork: the parent waits until the child is gone, and sees what it wrote.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int value = 1;

int main(void) {
    pid_t pid = vfork();
    if (pid == 0) {
        value += 1;
        _exit(3);
    }
    int status;
    printf("%d\n", waitpid(pid, &status, 0) == pid);
    printf("%d\n", WEXITSTATUS(status));
}
