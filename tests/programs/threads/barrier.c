// flags: -pthread
// A barrier: exactly one thread of each round is told that it is the serial one.
#include <pthread.h>
#include <stdio.h>

static pthread_barrier_t barrier;
static int serial, arrived, wrong;
static void *work(void *p) {
    for (int round = 1; round <= 50; round++) {
        __atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
        int r = pthread_barrier_wait(&barrier);
        if (arrived != round * 6) __atomic_fetch_add(&wrong, 1, __ATOMIC_SEQ_CST);
        if (r == PTHREAD_BARRIER_SERIAL_THREAD) serial++;
        pthread_barrier_wait(&barrier);
    }
    return p;
}

int main(void) {
    pthread_barrier_init(&barrier, NULL, 6);
    pthread_t t[6];
    for (int i = 0; i < 6; i++) pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 6; i++) pthread_join(t[i], NULL);
    printf("serial %d arrived %d wrong %d\n", serial, arrived, wrong);
}
