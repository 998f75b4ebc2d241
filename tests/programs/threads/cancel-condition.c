// flags: -pthread
// A thread that is cancelled in pthread_cond_wait holds the mutex again in its handler.
#include "../show.h"
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int waiting;
static int unlocked = -1;
static void unlock(void *p) { unlocked = pthread_mutex_unlock(p); }
static void *work(void *p) {
    pthread_mutex_lock(&m);
    pthread_cleanup_push(unlock, &m);
    waiting = 1;
    for (;;) pthread_cond_wait(&c, &m);
    pthread_cleanup_pop(0);
    return p;
}

int main(void) {
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    for (int ready = 0; !ready;) {
        pthread_mutex_lock(&m);
        ready = waiting;
        pthread_mutex_unlock(&m);
    }
    ERR(pthread_cancel(t));
    ERR(pthread_join(t, NULL));
    printf("%d\n", unlocked);
    ERR(pthread_mutex_trylock(&m));
}
