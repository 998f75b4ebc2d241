// flags: -pthread
// Normal, recursive and error-checking mutexes: what each answers to a mistake.
#include "../show.h"
#include <pthread.h>
#include <time.h>

static pthread_mutex_t m;
static void *other(void *p) {
    ERR(pthread_mutex_trylock(&m));
    ERR(pthread_mutex_unlock(&m));
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 20000000;
    if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, until.tv_sec++;
    ERR(pthread_mutex_timedlock(&m, &until));
    return p;
}

static void try_kind(int kind) {
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    ERR(pthread_mutexattr_settype(&a, kind));
    pthread_mutex_init(&m, &a);
    ERR(pthread_mutex_lock(&m));
    if (kind != PTHREAD_MUTEX_NORMAL) ERR(pthread_mutex_lock(&m));
    ERR(pthread_mutex_trylock(&m));
    if (kind != PTHREAD_MUTEX_NORMAL) {
        pthread_t t;
        pthread_create(&t, NULL, other, NULL);
        pthread_join(t, NULL);
    }
    ERR(pthread_mutex_unlock(&m));
    if (kind == PTHREAD_MUTEX_RECURSIVE) {
        ERR(pthread_mutex_unlock(&m));
        ERR(pthread_mutex_unlock(&m));
    }
    if (kind != PTHREAD_MUTEX_NORMAL) ERR(pthread_mutex_unlock(&m));
    ERR(pthread_mutex_destroy(&m));
}

int main(void) {
    try_kind(PTHREAD_MUTEX_NORMAL);
    try_kind(PTHREAD_MUTEX_RECURSIVE);
    try_kind(PTHREAD_MUTEX_ERRORCHECK);
}
