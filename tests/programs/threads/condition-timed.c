// flags: -pthread
// Waiting with a time limit, by either clock, and being woken before it.
#include "../show.h"
#include <pthread.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c;
static int ready;
static void *wake(void *p) {
    pthread_mutex_lock(&m);
    ready = 1;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    return p;
}

int main(void) {
    pthread_condattr_t a;
    pthread_condattr_init(&a);
    ERR(pthread_condattr_setclock(&a, CLOCK_MONOTONIC));
    ERR(pthread_condattr_setclock(&a, CLOCK_PROCESS_CPUTIME_ID));
    pthread_cond_init(&c, &a);
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += 10000000;
    if (t.tv_nsec >= 1000000000) t.tv_nsec -= 1000000000, t.tv_sec++;
    pthread_mutex_lock(&m);
    ERR(pthread_cond_timedwait(&c, &m, &t));
    ERR(pthread_cond_timedwait(&c, &m, &t));
    t.tv_sec += 10;
    pthread_t thread;
    pthread_create(&thread, NULL, wake, NULL);
    int error = 0;
    while (!ready && error == 0) error = pthread_cond_timedwait(&c, &m, &t);
    printf("%d %d\n", ready, error);
    pthread_mutex_unlock(&m);
    pthread_join(thread, NULL);
    t.tv_nsec = -1;
    ERR(pthread_cond_timedwait(&c, &m, &t));
}
