// flags: -pthread
// A counter behind a mutex loses nothing; the same with a spin lock and with an atomic.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_spinlock_t spin;
static long a, b, c;
static void *work(void *p) {
    for (int i = 0; i < 5000; i++) {
        pthread_mutex_lock(&mutex);
        a = a + 1;
        pthread_mutex_unlock(&mutex);
        pthread_spin_lock(&spin);
        b = b + 1;
        pthread_spin_unlock(&spin);
        __atomic_fetch_add(&c, 1, __ATOMIC_RELAXED);
    }
    return p;
}

int main(void) {
    pthread_spin_init(&spin, 0);
    pthread_t t[8];
    for (int i = 0; i < 8; i++) pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 8; i++) pthread_join(t[i], NULL);
    printf("%ld %ld %ld\n", a, b, c);
}
