// witness: native, because QEMU 7.2 leaves execve to the host, which cannot run the program
// posix_spawn with file actions and attributes.
#include "../show.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
    if (argc > 1) {
        char text[16] = {0};
        read(0, text, 15);
        sigset_t set;
        sigprocmask(SIG_BLOCK, NULL, &set);
        printf("read %s, blocked %d, group %d\n", text, sigismember(&set, SIGUSR1), getpgrp() == getpid());
        fprintf(stderr, "errors too\n");
        return 12;
    }
    int in = open("in", O_CREAT | O_RDWR, 0644);
    write(in, "hello", 5);
    close(in);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "in", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "out", O_CREAT | O_WRONLY, 0644);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    posix_spawnattr_init(&attributes);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    posix_spawnattr_setsigmask(&attributes, &set);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    pid_t pid;
    char *args[] = {"child", "x", NULL};
    ERR(posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, args, environ));
    int status;
    waitpid(pid, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
    char text[200] = {0};
    SHOW(read(open("out", O_RDONLY), text, 199));
    printf("%s", text);
    ERR(posix_spawn(&pid, "missing", NULL, NULL, args, environ));
}
