// Process groups and sessions: making them, waiting for and killing a whole one.
#include "../show.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    pid_t a = fork();
    if (a == 0)
        for (;;) pause();
    SHOW(setpgid(a, a));
    IS(getpgid(a) == a);
    pid_t b = fork();
    if (b == 0)
        for (;;) pause();
    SHOW(setpgid(b, a));
    SHOW(kill(-a, SIGTERM));
    int count = 0, status;
    while (waitpid(-a, &status, 0) > 0) count += WTERMSIG(status) == SIGTERM;
    printf("%d\n", count);
    SHOW(waitpid(-a, &status, 0));
    SHOW(kill(-a, SIGTERM));
    pid_t c = fork();
    if (c == 0) {
        if (setsid() != getpid() || getsid(0) != getpid() || getpgrp() != getpid()) _exit(1);
        _exit(setsid() == -1 && errno == EPERM ? 0 : 2);
    }
    waitpid(c, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
    SHOW(setpgid(1 << 30, 0));
    SHOW(setpgid(0, -1));
}
