// flags: -pthread
// __thread variables start anew in each thread; keys with destructors are cleaned up.
#include "../show.h"
#include <pthread.h>

static __thread int initialized = 42;
static __thread char zeroed[1000];
static pthread_key_t key, again;
static int destroyed, rounds;
static void destroy(void *p) {
    destroyed += *(int *)p;
    *(int *)p = 0;
}
static void destroy_again(void *p) {
    if (++rounds < 3) pthread_setspecific(again, p);
}
static void *work(void *p) {
    static int values[4];
    int n = *(int *)p;
    int fresh = initialized == 42 && zeroed[999] == 0;
    initialized = n;
    zeroed[999] = 1;
    values[n] = n + 10;
    if (pthread_getspecific(key) != NULL) puts("not empty");
    pthread_setspecific(key, &values[n]);
    if (n == 0) pthread_setspecific(again, p);
    return fresh ? p : NULL;
}

int main(void) {
    pthread_key_create(&key, destroy);
    pthread_key_create(&again, destroy_again);
    pthread_t t[4];
    int id[4], fresh = 0;
    for (int i = 0; i < 4; i++) id[i] = i, pthread_create(&t[i], NULL, work, &id[i]);
    for (int i = 0; i < 4; i++) {
        void *r;
        pthread_join(t[i], &r);
        fresh += r != NULL;
    }
    printf("fresh %d destroyed %d rounds %d own %d\n", fresh, destroyed, rounds, initialized);
    ERR(pthread_key_delete(key));
    ERR(pthread_setspecific(key, &key));
}
