// witness: native, because QEMU 7.2 leaves execve to the host, which cannot run the program
// args: first
// execve of the program itself: arguments, environment, descriptors, signals and pid over it.
#include "../show.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IONBF, 0);
    if (strcmp(argv[1], "first") == 0) {
        char pid[20];
        sprintf(pid, "%d", getpid());
        close(open("kept", O_CREAT | O_RDWR, 0644));
        open("kept", O_RDONLY);
        open("closed", O_CREAT | O_RDWR | O_CLOEXEC, 0644);
        signal(SIGUSR1, SIG_IGN);
        signal(SIGUSR2, (void (*)(int))main);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGHUP);
        sigprocmask(SIG_BLOCK, &set, NULL);
        char *args[] = {"name", "second", pid, "", NULL}, *env[] = {"A=1", "B=", NULL};
        SHOW(execve("missing", args, env));
        SHOW(execve("kept", args, env));
        SHOW(chmod("kept", 0755));
        SHOW(execve("kept", args, env));
        SHOW(execve(".", args, env));
        execve("/proc/self/exe", args, env);
        return 1;
    }
    printf("%s %d [%s]\n", argv[0], argc, argv[3]);
    IS(atoi(argv[2]) == getpid());
    for (char **e = environ; *e; e++) puts(*e);
    SHOW(fcntl(3, F_GETFD));
    SHOW(fcntl(4, F_GETFD));
    struct sigaction sa;
    sigaction(SIGUSR1, NULL, &sa);
    IS(sa.sa_handler == SIG_IGN);
    sigaction(SIGUSR2, NULL, &sa);
    IS(sa.sa_handler == SIG_DFL);
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    SHOW(sigismember(&set, SIGHUP));
    return 21;
}
