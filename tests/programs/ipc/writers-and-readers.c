// flags: -pthread
// Threads that write more than fits, and one that reads it: no byte is lost or mixed, and the end is seen.
#include "../show.h"
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WRITERS = 4, EACH = 50, SIZE = 4096 };
static int p[2];

static void *work(void *number) {
    char block[SIZE];
    for (int i = 0; i < SIZE; i++) block[i] = (char)(long)number;
    for (int i = 0; i < EACH; i++)
        if (write(p[1], block, SIZE) != SIZE) puts("short");
    return 0;
}

static void *large(void *end) {
    static char block[1000000];
    for (int i = 0; i < sizeof block; i++) block[i] = i % 113;
    SHOW(write(*(int *)end, block, sizeof block));
    close(*(int *)end);
    return 0;
}

static void drain(int fd, int to) {
    pthread_t thread;
    pthread_create(&thread, 0, large, &to);
    char part[7000];
    long total = 0, wrong = 0;
    for (ssize_t got; (got = read(fd, part, sizeof part)) > 0;)
        for (int i = 0; i < got; i++) wrong += part[i] != total++ % 113;
    pthread_join(thread, 0);
    SHOW(total);
    SHOW(wrong);
}

int main(void) {
    pthread_t threads[WRITERS];
    pipe(p);
    for (long i = 0; i < WRITERS; i++) pthread_create(&threads[i], 0, work, (void *)i);
    int counts[WRITERS] = {0}, mixed = 0;
    for (int n = 0; n < WRITERS * EACH; n++) {
        char block[SIZE];
        for (int done = 0; done < SIZE;) done += read(p[0], block + done, SIZE - done);
        for (int i = 1; i < SIZE; i++) mixed += block[i] != block[0];
        counts[(int)block[0]]++;
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], 0);
        SHOW(counts[i]);
    }
    SHOW(mixed);
    drain(p[0], p[1]);
    int s[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    drain(s[0], s[1]);
}
