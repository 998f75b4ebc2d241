// A process with two threads, and children of every kind: by fork, by vfork in the same memory, and with another program.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long counts[3];

// The same code for all: what is seen depends on who runs it.
__attribute__((noinline)) static void work(int who, long rounds) {
    for (long i = 0; i < rounds; i++) counts[who] += i ^ who;
}

static void *worker(void *_) {
    work(1, 15000);
    return NULL;
}

static void handler(int signal) { counts[2] += signal; }

static int end_of(pid_t pid) {
    int status;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv) {
    if (argc > 1) {
        work(0, 8000);
        printf("%s\n", argv[1]);
        return 5;
    }
    setvbuf(stdout, NULL, _IONBF, 0);
    signal(SIGUSR1, handler);
    pthread_t thread;
    pthread_create(&thread, NULL, worker, NULL);
    pid_t forked = fork();
    if (forked == 0) {
        prctl(PR_SET_NAME, "forked");
        raise(SIGUSR1);
        work(0, 22000);
        kill(getpid(), SIGTERM);
    }
    work(0, 10000);
    printf("forked %d\n", end_of(forked));
    pid_t shared = vfork();
    if (shared == 0) {
        work(2, 5000);
        _exit(7);
    }
    work(2, 5000);
    printf("shared %d\n", end_of(shared));
    pid_t other = vfork();
    if (other == 0) {
        execl("/proc/self/exe", "other", "another program", NULL);
        _exit(99);
    }
    printf("other %d\n", end_of(other));
    raise(SIGUSR1);
    prctl(PR_SET_NAME, "elder");
    pthread_join(thread, NULL);
    work(1, 5000);
    if (getenv("AGAIN") == NULL) {
        char *args[] = {"again", "at last", NULL};
        execv("/proc/self/exe", args);
    }
    return 1;
}
