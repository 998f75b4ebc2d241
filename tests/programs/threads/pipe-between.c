// flags: -pthread
// Threads that wait for each other in read and write of pipes.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int there[2], back[2];
static void *echo(void *p) {
    int v;
    while (read(there[0], &v, sizeof v) == sizeof v) {
        v = v * 2 + 1;
        write(back[1], &v, sizeof v);
    }
    close(back[1]);
    return p;
}

int main(void) {
    pipe(there), pipe(back);
    pthread_t t;
    pthread_create(&t, NULL, echo, NULL);
    int v = 1;
    for (int i = 0; i < 20; i++) {
        write(there[1], &v, sizeof v);
        read(back[0], &v, sizeof v);
    }
    printf("%d\n", v);
    close(there[1]);
    printf("%ld\n", (long)read(back[0], &v, sizeof v));
    pthread_join(t, NULL);
}
