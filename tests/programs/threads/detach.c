// flags: -pthread
// Detached threads cannot be joined, and still do their work.
#include "../show.h"
#include <pthread.h>
#include <semaphore.h>

static sem_t done;
static int counter;
static void *work(void *p) {
    __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
    sem_post(&done);
    return p;
}

int main(void) {
    sem_init(&done, 0, 0);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t t;
    for (int i = 0; i < 10; i++) ERR(pthread_create(&t, &attributes, work, NULL));
    for (int i = 0; i < 10; i++) sem_wait(&done);
    printf("%d\n", counter);
    ERR(pthread_create(&t, NULL, work, NULL));
    ERR(pthread_detach(t));
    sem_wait(&done);
    printf("%d\n", counter);
}
