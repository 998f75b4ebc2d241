// flags: -pthread
// A fork in a threaded program copies the calling thread only; handlers of pthread_atfork run.
#include "../show.h"
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static void before(void) { puts("before"), fflush(stdout); }
static void parent(void) {}
static void child(void) { puts("child"), fflush(stdout); }
static volatile long other;
static void *busy(void *p) {
    for (;;) other++;
    return p;
}

int main(void) {
    pthread_atfork(before, parent, child);
    pthread_t t;
    pthread_create(&t, NULL, busy, NULL);
    while (other == 0)
        ;
    pid_t pid = fork();
    if (pid == 0) {
        long seen = other;
        for (volatile int i = 0; i < 300000; i++)
            ;
        _exit(other == seen ? 5 : 6);
    }
    int status;
    waitpid(pid, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
}
