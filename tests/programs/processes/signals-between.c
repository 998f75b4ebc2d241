// kill between parent and child, SIGCHLD, and a mask that is inherited.
#include "../show.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int children, usr;
static void on_child(int sig) { children++; }
static void on_usr(int sig) { usr++; }

int main(void) {
    struct sigaction sa = {.sa_handler = on_child, .sa_flags = SA_RESTART};
    sigaction(SIGCHLD, &sa, NULL);
    signal(SIGUSR1, on_usr);
    sigset_t block, old;
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    sigprocmask(SIG_BLOCK, &block, &old);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        kill(parent, SIGUSR1);
        sigset_t now;
        sigprocmask(SIG_BLOCK, NULL, &now);
        while (usr == 0) sigsuspend(&old);
        _exit(sigismember(&now, SIGUSR1) * 10 + usr);
    }
    kill(pid, SIGUSR1);
    int status;
    waitpid(pid, &status, 0);
    printf("child %d\n", WEXITSTATUS(status));
    printf("here %d\n", usr);
    sigprocmask(SIG_SETMASK, &old, NULL);
    printf("here %d children %d\n", usr, children);
    SHOW(kill(pid, 0));
    SHOW(kill(getpid(), 99));
    SHOW(kill(getpid(), 0));
}
