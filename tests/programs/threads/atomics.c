// flags: -pthread -latomic
// Every kind of atomic operation of every width, from four threads at once.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_uchar byte;
static atomic_ushort half;
static atomic_uint word, bits, swapped, best;
static atomic_ulong twice, smallest = ~0ul;
static atomic_flag flag = ATOMIC_FLAG_INIT;
static long guarded;
static void *work(void *p) {
    unsigned me = (unsigned)(long)p;
    for (unsigned i = 0; i < 3000; i++) {
        byte++;
        half += 3;
        atomic_fetch_add(&word, 5);
        atomic_fetch_xor(&bits, 1u << (me * 8 + i % 8));
        atomic_fetch_sub(&twice, 2);
        unsigned seen = atomic_load(&best);
        while (seen < i * 4 + me && !atomic_compare_exchange_weak(&best, &seen, i * 4 + me))
            ;
        unsigned long low = atomic_load(&smallest);
        while (low > 100000 - i * 4 - me && !atomic_compare_exchange_strong(&smallest, &low, 100000 - i * 4 - me))
            ;
        atomic_exchange(&swapped, 7);
        while (atomic_flag_test_and_set(&flag))
            ;
        guarded++;
        atomic_flag_clear(&flag);
    }
    return p;
}

int main(void) {
    pthread_t t[4];
    for (long i = 0; i < 4; i++) pthread_create(&t[i], NULL, work, (void *)i);
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    printf("%u %u %u %x %lu %u %lu %u %ld\n", byte, half, word, bits, twice, best, smallest, swapped, guarded);
}
