// A child that dies by a signal, and what WIFSIGNALED says.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void look(int status) {
    if (WIFSIGNALED(status)) printf("signal %s\n", strsignal(WTERMSIG(status)));
    else printf("exit %d\n", WEXITSTATUS(status));
}

int main(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    int status;
    freopen("/dev/null", "w", stderr);
    if (fork() == 0) raise(SIGTERM);
    wait(&status), look(status);
    if (fork() == 0) *(volatile int *)8 = 1;
    wait(&status), look(status);
    if (fork() == 0) abort();
    wait(&status), look(status);
    pid_t pid = fork();
    if (pid == 0) for (;;) pause();
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0), look(status);
    if (fork() == 0) exit(256 + 7);
    wait(&status), look(status);
}
