// Signals read from a file.
#include "../show.h"
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>
int main(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN + 2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    IS(fd == 3);
    struct signalfd_siginfo info[4];
    printf("%zu\n", sizeof info[0]);
    struct pollfd p = {fd, POLLIN, 0};
    SHOW(poll(&p, 1, 0));
    SHOW(read(fd, info, sizeof info));
    SHOW(read(fd, info, 100));
    SHOW(write(fd, info, 128));
    raise(SIGUSR1);
    raise(SIGUSR1);
    for (int i = 0; i < 2; i++) sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 40 + i});
    SHOW(poll(&p, 1, 0));
    printf("revents %d\n", p.revents);
    SHOW(read(fd, info, sizeof info));
    for (int i = 0; i < 3; i++)
        printf("signo %u code %d mine %d uid %d int %d\n", info[i].ssi_signo, info[i].ssi_code, info[i].ssi_pid == getpid(),
               info[i].ssi_uid == getuid(), info[i].ssi_int);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    SHOW(signalfd(fd, &set, 0) == fd);
    sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 1});
    SHOW(poll(&p, 1, 0));
    SHOW(signalfd(0, &set, 0));
    SHOW(signalfd(99, &set, 0));
    SHOW(signalfd(-1, &set, 1));
}
