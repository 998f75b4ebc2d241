// sigwait, sigwaitinfo, sigtimedwait and signalfd take what is blocked.
#include "../show.h"
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    int sig = 0;
    ERR(sigwait(&set, &sig));
    IS(sig == SIGUSR1);
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 77});
    siginfo_t info;
    IS(sigwaitinfo(&set, &info) == SIGRTMIN);
    printf("%d\n", info.si_value.sival_int);
    struct timespec t = {0, 5000000};
    SHOW(sigtimedwait(&set, &info, &t));
    int fd = signalfd(-1, &set, SFD_NONBLOCK);
    struct signalfd_siginfo s;
    SHOW(read(fd, &s, sizeof s));
    raise(SIGUSR1);
    SHOW(read(fd, &s, sizeof s));
    IS(s.ssi_signo == SIGUSR1);
    SHOW(read(fd, &s, 10));
}
