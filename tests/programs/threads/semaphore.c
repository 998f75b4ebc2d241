// flags: -pthread
// Semaphores: counting, trying, timing out, and their value.
#include "../show.h"
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static sem_t slots, done;
static int inside, most;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static void *work(void *p) {
    for (int i = 0; i < 50; i++) {
        sem_wait(&slots);
        pthread_mutex_lock(&m);
        if (++inside > most) most = inside;
        pthread_mutex_unlock(&m);
        pthread_mutex_lock(&m);
        inside--;
        pthread_mutex_unlock(&m);
        sem_post(&slots);
    }
    sem_post(&done);
    return p;
}

int main(void) {
    int value;
    sem_init(&slots, 0, 3);
    sem_init(&done, 0, 0);
    pthread_t t[8];
    for (int i = 0; i < 8; i++) pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 8; i++) sem_wait(&done);
    for (int i = 0; i < 8; i++) pthread_join(t[i], NULL);
    IS(most >= 1 && most <= 3);
    SHOW(sem_getvalue(&slots, &value));
    printf("%d\n", value);
    SHOW(sem_trywait(&done));
    struct timespec past = {1, 0};
    SHOW(sem_timedwait(&done, &past));
    SHOW(sem_timedwait(&slots, &past));
    SHOW(sem_init(&done, 0, 0x80000000u));
}
