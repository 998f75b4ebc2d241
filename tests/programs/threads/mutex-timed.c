// flags: -pthread
// A timed lock gives up in time, and is granted when the owner lets go.
#include "../show.h"
#include <pthread.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t held;
static void *owner(void *p) {
    pthread_mutex_lock(&m);
    pthread_barrier_wait(&held);
    usleep(50000);
    pthread_mutex_unlock(&m);
    return p;
}
static struct timespec in(long milliseconds) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += milliseconds * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

int main(void) {
    pthread_barrier_init(&held, NULL, 2);
    pthread_t t;
    pthread_create(&t, NULL, owner, NULL);
    pthread_barrier_wait(&held);
    struct timespec soon = in(5), late = in(5000), past = {1, 0}, bad = {1, -1};
    ERR(pthread_mutex_timedlock(&m, &past));
    ERR(pthread_mutex_timedlock(&m, &bad));
    ERR(pthread_mutex_timedlock(&m, &soon));
    ERR(pthread_mutex_timedlock(&m, &late));
    ERR(pthread_mutex_unlock(&m));
    pthread_join(t, NULL);
}
