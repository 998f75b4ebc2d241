// flags: -pthread
// A hundred threads alive at once, with small stacks.
#include <pthread.h>
#include <stdio.h>

enum { MANY = 100 };
static pthread_barrier_t all;
static long sum;
static void *work(void *p) {
    pthread_barrier_wait(&all);
    __atomic_fetch_add(&sum, (long)p, __ATOMIC_SEQ_CST);
    return p;
}

int main(void) {
    pthread_t t[MANY];
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 65536);
    pthread_barrier_init(&all, NULL, MANY);
    int failed = 0;
    for (long i = 0; i < MANY; i++) failed += pthread_create(&t[i], &a, work, (void *)i) != 0;
    for (int i = 0; i < MANY; i++) pthread_join(t[i], NULL);
    printf("%d %ld\n", failed, sum);
}
