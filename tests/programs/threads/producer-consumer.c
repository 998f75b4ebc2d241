// flags: -pthread
// Three producers and two consumers around a ring of eight places.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static int ring[8], head, count;
static long sums[2];
static void put(int v) {
    pthread_mutex_lock(&m);
    while (count == 8) pthread_cond_wait(&not_full, &m);
    ring[(head + count++) % 8] = v;
    pthread_cond_signal(&not_empty);
    pthread_mutex_unlock(&m);
}
static int take(void) {
    pthread_mutex_lock(&m);
    while (count == 0) pthread_cond_wait(&not_empty, &m);
    int v = ring[head];
    head = (head + 1) % 8, count--;
    pthread_cond_signal(&not_full);
    pthread_mutex_unlock(&m);
    return v;
}
static void *produce(void *p) {
    for (int i = 1; i <= 500; i++) put(i);
    return p;
}
static void *consume(void *p) {
    for (int v; (v = take()) > 0;) *(long *)p += v;
    return p;
}

int main(void) {
    pthread_t p[3], c[2];
    for (int i = 0; i < 2; i++) pthread_create(&c[i], NULL, consume, &sums[i]);
    for (int i = 0; i < 3; i++) pthread_create(&p[i], NULL, produce, NULL);
    for (int i = 0; i < 3; i++) pthread_join(p[i], NULL);
    put(0), put(0);
    for (int i = 0; i < 2; i++) pthread_join(c[i], NULL);
    printf("%ld\n", sums[0] + sums[1]);
}
