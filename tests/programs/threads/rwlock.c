// flags: -pthread
// Readers share, a writer has it alone.
#include "../show.h"
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static long a, b, torn;
static void *reader(void *p) {
    for (int i = 0; i < 1000; i++) {
        pthread_rwlock_rdlock(&lock);
        if (a != b) __atomic_fetch_add(&torn, 1, __ATOMIC_RELAXED);
        pthread_rwlock_unlock(&lock);
    }
    return p;
}
static void *writer(void *p) {
    for (int i = 0; i < 1000; i++) {
        pthread_rwlock_wrlock(&lock);
        a++;
        for (volatile int j = 0; j < 20; j++)
            ;
        b++;
        pthread_rwlock_unlock(&lock);
    }
    return p;
}
static void *try_all(void *p) {
    ERR(pthread_rwlock_tryrdlock(&lock));
    ERR(pthread_rwlock_trywrlock(&lock));
    return p;
}

int main(void) {
    pthread_t t[5];
    for (int i = 0; i < 5; i++) pthread_create(&t[i], NULL, i < 3 ? reader : writer, NULL);
    for (int i = 0; i < 5; i++) pthread_join(t[i], NULL);
    printf("%ld %ld %ld\n", a, b, torn);
    pthread_rwlock_wrlock(&lock);
    ERR(pthread_rwlock_rdlock(&lock));
    ERR(pthread_rwlock_wrlock(&lock));
    pthread_create(&t[0], NULL, try_all, NULL);
    pthread_join(t[0], NULL);
    ERR(pthread_rwlock_unlock(&lock));
    ERR(pthread_rwlock_rdlock(&lock));
    pthread_create(&t[0], NULL, try_all, NULL);
    pthread_join(t[0], NULL);
}
