// flags: -pthread
// Two thousand threads one after the other: stacks and ids are used again.
#include <pthread.h>
#include <stdio.h>

static long sum;
static void *work(void *p) {
    sum += (long)p;
    return p;
}

int main(void) {
    for (long i = 0; i < 2000; i++) {
        pthread_t t;
        if (pthread_create(&t, NULL, work, (void *)i)) return 1;
        pthread_join(t, NULL);
    }
    printf("%ld\n", sum);
}
