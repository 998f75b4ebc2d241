// wait4, waitid, WNOHANG and WNOWAIT.
#include "../show.h"
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int p[2], status;
    char c;
    pipe(p);
    pid_t pid = fork();
    if (pid == 0) {
        close(p[1]);
        read(p[0], &c, 1);
        _exit(4);
    }
    close(p[0]);
    SHOW(waitpid(pid, &status, WNOHANG));
    siginfo_t info = {0};
    SHOW(waitid(P_PID, pid, &info, WEXITED | WNOHANG));
    printf("%d\n", info.si_pid);
    close(p[1]);
    SHOW(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
    IS(info.si_pid == pid && info.si_status == 4 && info.si_code == CLD_EXITED && info.si_signo == SIGCHLD);
    struct rusage usage;
    IS(wait4(pid, &status, 0, &usage) == pid);
    printf("%d\n", WEXITSTATUS(status));
    SHOW(waitid(P_ALL, 0, &info, WEXITED));
    SHOW(waitid(P_ALL, 0, &info, 0));
}
