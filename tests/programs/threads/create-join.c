// flags: -pthread
// Threads get their argument and give a result; joining twice, joining oneself.
#include "../show.h"
#include <pthread.h>
#include <stdint.h>

static void *square(void *p) { return (void *)((intptr_t)p * (intptr_t)p); }
static void *leave(void *p) {
    pthread_exit(p);
    return NULL;
}

int main(void) {
    pthread_t t[20];
    long sum = 0;
    for (intptr_t i = 0; i < 20; i++) pthread_create(&t[i], NULL, square, (void *)i);
    for (int i = 0; i < 20; i++) {
        void *result;
        pthread_join(t[i], &result);
        sum += (intptr_t)result;
    }
    printf("%ld\n", sum);
    void *result;
    pthread_create(&t[0], NULL, leave, "by exit");
    ERR(pthread_join(t[0], &result));
    puts(result);
    ERR(pthread_join(pthread_self(), NULL));
    IS(pthread_equal(pthread_self(), pthread_self()));
}
