// flags: -pthread
// pthread_once runs its function once, and everybody waits for its end.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int calls, ready, early;
static void init(void) {
    calls++;
    usleep(10000);
    ready = 1;
}
static void *work(void *p) {
    pthread_once(&once, init);
    if (!ready) __atomic_fetch_add(&early, 1, __ATOMIC_SEQ_CST);
    return p;
}

int main(void) {
    pthread_t t[8];
    for (int i = 0; i < 8; i++) pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 8; i++) pthread_join(t[i], NULL);
    printf("calls %d early %d\n", calls, early);
}
