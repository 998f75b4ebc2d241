// flags: -pthread
// Cancellation at a cancellation point; handlers run backwards; the result says so.
#include "../show.h"
#include <pthread.h>
#include <unistd.h>

static pthread_barrier_t started;
static int still_here;
static void clean(void *p) { printf("clean %s\n", (char *)p); }
static void *work(void *p) {
    pthread_cleanup_push(clean, "outer");
    pthread_cleanup_push(clean, "inner");
    pthread_barrier_wait(&started);
    for (;;) pause();
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return p;
}
static void *unwilling(void *p) {
    int old;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    pthread_barrier_wait(&started);
    pthread_barrier_wait(&started);
    still_here = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
    pthread_testcancel();
    puts("never");
    return p;
}

int main(void) {
    pthread_barrier_init(&started, NULL, 2);
    pthread_t t;
    void *result;
    pthread_create(&t, NULL, work, NULL);
    pthread_barrier_wait(&started);
    int error = pthread_cancel(t);
    pthread_join(t, &result);
    printf("%d\n", error);
    IS(result == PTHREAD_CANCELED);
    pthread_create(&t, NULL, unwilling, NULL);
    pthread_barrier_wait(&started);
    error = pthread_cancel(t);
    pthread_barrier_wait(&started);
    printf("%d\n", error);
    pthread_join(t, &result);
    IS(result == PTHREAD_CANCELED);
    printf("%d\n", still_here);
}
