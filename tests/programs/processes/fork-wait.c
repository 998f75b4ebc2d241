// fork: two processes with memories of their own; what waitpid tells of the child.
#include "../show.h"
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int value = 1, status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        value = 2;
        _exit(value + 40);
    }
    IS(pid > 0);
    IS(waitpid(pid, &status, 0) == pid);
    IS(WIFEXITED(status));
    printf("%d %d\n", WEXITSTATUS(status), value);
    SHOW(waitpid(pid, &status, 0));
    SHOW(wait(NULL));
    SHOW(waitpid(-1, NULL, WNOHANG));
    SHOW(waitpid(-1, NULL, 0x1000));
}
