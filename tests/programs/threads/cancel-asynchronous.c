// flags: -pthread
// Asynchronous cancellation gets a thread out of a loop without system calls.
#include "../show.h"
#include <pthread.h>

static volatile int spinning;
static void *work(void *p) {
    int old;
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
    for (;;) spinning = 1;
    return p;
}

int main(void) {
    pthread_t t;
    void *result;
    pthread_create(&t, NULL, work, NULL);
    while (!spinning)
        ;
    ERR(pthread_cancel(t));
    pthread_join(t, &result);
    IS(result == PTHREAD_CANCELED);
}
