// What kill, tgkill and their like refuse.
#include "../show.h"
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#define MOST_PID 4194304
int main(void) {
    signal(SIGUSR1, SIG_IGN);
    int pid = getpid(), tid = syscall(SYS_gettid);
    SHOW(kill(pid, 0));
    SHOW(kill(pid, 65));
    SHOW(kill(pid, -1));
    SHOW(kill(MOST_PID + 5, SIGUSR1));
    SHOW(kill(-(MOST_PID + 5), SIGUSR1));
    SHOW(syscall(SYS_tgkill, pid, tid, SIGUSR1));
    SHOW(syscall(SYS_tgkill, pid, tid, 0));
    SHOW(syscall(SYS_tgkill, 0, tid, SIGUSR1));
    SHOW(syscall(SYS_tgkill, pid, 0, SIGUSR1));
    SHOW(syscall(SYS_tgkill, MOST_PID + 5, tid, SIGUSR1));
    SHOW(syscall(SYS_tgkill, pid, MOST_PID + 5, SIGUSR1));
    SHOW(syscall(SYS_tkill, tid, SIGUSR1));
    SHOW(syscall(SYS_tkill, -1, SIGUSR1));
    SHOW(syscall(SYS_tkill, MOST_PID + 5, SIGUSR1));
    SHOW(sigqueue(pid, 0, (union sigval){0}));
    SHOW(sigqueue(MOST_PID + 5, SIGUSR1, (union sigval){0}));
}
