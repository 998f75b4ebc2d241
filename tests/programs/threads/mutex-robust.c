// flags: -pthread
// The owner of a robust mutex dies: the next one is told, repairs it, or it is lost.
#include "../show.h"
#include <pthread.h>

static pthread_mutex_t m;
static void *die(void *p) {
    pthread_mutex_lock(&m);
    return p;
}
static void let_one_die(void) {
    pthread_t t;
    pthread_create(&t, NULL, die, NULL);
    pthread_join(t, NULL);
}

int main(void) {
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    ERR(pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST));
    pthread_mutex_init(&m, &a);
    let_one_die();
    ERR(pthread_mutex_lock(&m));
    ERR(pthread_mutex_consistent(&m));
    ERR(pthread_mutex_unlock(&m));
    ERR(pthread_mutex_lock(&m));
    ERR(pthread_mutex_unlock(&m));
    let_one_die();
    ERR(pthread_mutex_trylock(&m));
    ERR(pthread_mutex_unlock(&m));
    ERR(pthread_mutex_lock(&m));
    ERR(pthread_mutex_consistent(&m));
}
