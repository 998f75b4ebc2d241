// flags: -pthread
// malloc and free from many threads, blocks freed by others than made them.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Atomic(char *) slots[64];
static int bad;
static void *work(void *p) {
    unsigned seed = (unsigned)(long)p;
    for (int i = 0; i < 3000; i++) {
        seed = seed * 1103515245 + 12345;
        size_t n = (seed >> 10) % 500 + 2;
        char *fresh = malloc(n);
        memset(fresh, (int)n & 0x7f, n);
        fresh[n - 1] = (char)(n & 0x7f);
        fresh[0] = (char)(n & 0x7f);
        char *old = __atomic_exchange_n(&slots[seed >> 26], fresh, __ATOMIC_ACQ_REL);
        if (old && old[0] != old[1]) __atomic_fetch_add(&bad, 1, __ATOMIC_RELAXED);
        free(old);
    }
    return NULL;
}

int main(void) {
    pthread_t t[4];
    for (long i = 0; i < 4; i++) pthread_create(&t[i], NULL, work, (void *)(i + 1));
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    printf("bad %d\n", bad);
}
