// A child that asked for it is sent a signal when its parent ends.
#include "../show.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    int fds[2], asked = 9, ready[2];
    SHOW(prctl(PR_SET_PDEATHSIG, 65));
    pipe(fds);
    pipe(ready);
    fflush(stdout);
    if (fork() == 0) {
        if (fork() == 0) {
            sigset_t set;
            siginfo_t info;
            sigemptyset(&set);
            sigaddset(&set, SIGUSR1);
            sigprocmask(SIG_BLOCK, &set, NULL);
            prctl(PR_SET_PDEATHSIG, SIGUSR1);
            prctl(PR_GET_PDEATHSIG, &asked);
            write(ready[1], "x", 1);
            int got = sigwaitinfo(&set, &info);
            dprintf(fds[1], "asked %d got %d code %d\n", asked, got, info.si_code);
            _exit(0);
        }
        char c;
        read(ready[0], &c, 1);
        _exit(0);
    }
    close(fds[1]);
    wait(NULL);
    char line[100];
    long n = read(fds[0], line, sizeof line);
    fwrite(line, 1, n > 0 ? n : 0, stdout);
}
