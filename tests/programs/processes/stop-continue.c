// A child is stopped and continued, and its parent is told of both.
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int status;
    pid_t pid = fork();
    if (pid == 0)
        for (;;) pause();
    kill(pid, SIGSTOP);
    printf("%d", waitpid(pid, &status, WUNTRACED) == pid);
    printf(" stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status) == SIGSTOP);
    kill(pid, SIGCONT);
    printf("%d", waitpid(pid, &status, WCONTINUED) == pid);
    printf(" continued %d\n", WIFCONTINUED(status) != 0);
    kill(pid, SIGTERM);
    printf("%d", waitpid(pid, &status, 0) == pid);
    printf(" killed %d\n", WTERMSIG(status) == SIGTERM);
}
