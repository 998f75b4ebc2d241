// flags: -pthread
// The futex call itself: a value that has changed, nobody to wake, a timeout, requeue.
#include "../show.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int word, other;
static long futex(int *at, int op, int value, void *timeout, int *at2, int value3) {
    return syscall(SYS_futex, at, op, value, timeout, at2, value3);
}
static void *waiter(void *p) {
    while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 0) futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0);
    return p;
}

int main(void) {
    struct timespec short_time = {0, 1000000}, bad = {0, -1};
    SHOW(futex(&word, FUTEX_WAIT, 5, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT, 0, &short_time, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, 0, &short_time, NULL, -1));
    SHOW(futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0));
    SHOW(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0));
    SHOW(futex((int *)((char *)&word + 1), FUTEX_WAKE, 1, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)1, &other, 99));
    SHOW(futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
    pthread_t t[3];
    for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, waiter, NULL);
    usleep(20000);
    __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
    futex(&word, FUTEX_WAKE, 100, NULL, NULL, 0);
    for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
    puts("all woken");
}
