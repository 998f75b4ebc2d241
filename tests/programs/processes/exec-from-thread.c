// witness: native, because QEMU 7.2 leaves execve to the host
// flags: -pthread
// execve in a thread ends all the others; the new program has the id of the process.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *work(void *p) {
    char id[20];
    sprintf(id, "%d", getpid());
    execl("/proc/self/exe", "again", id, NULL);
    return p;
}

int main(int argc, char **argv) {
    if (argc > 1) {
        printf("%d %d\n", atoi(argv[1]) == getpid(), gettid() == getpid());
        return 11;
    }
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    for (;;) pause();
}
