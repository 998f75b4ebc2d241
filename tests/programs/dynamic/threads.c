// link: dynamic
// flags: -pthread
// Threads in a dynamically linked program.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *work(void *p) {
    errno = 0;
    close(1000 + (int)(long)p);
    return (void *)(long)(errno * 10 + (long)p);
}

int main(void) {
    pthread_t t[5];
    for (long i = 0; i < 5; i++) pthread_create(&t[i], NULL, work, (void *)i);
    for (int i = 0; i < 5; i++) {
        void *r;
        pthread_join(t[i], &r);
        printf("%ld\n", (long)r);
    }
}
