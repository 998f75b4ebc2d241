/* qsort [COUNT]: sorts COUNT pseudo-random records with libc's qsort and their keys with a quicksort
   of its own, and checks that both agree. The first is rich in indirect calls, the second in branches. */
#include "number.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct record {
    uint32_t key;
    uint32_t origin;
};

static uint64_t state = 0x9e3779b97f4a7c15u;

/* Marsaglia's xorshift64, the high half. */
static uint32_t random32(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static int by_key(const void *left, const void *right) {
    const struct record *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->origin > b->origin) - (a->origin < b->origin);
}

static void insertion_sort(uint32_t *keys, long count) {
    for (long i = 1; i < count; i++) {
        uint32_t key = keys[i];
        long hole = i;
        for (; hole > 0 && keys[hole - 1] > key; hole--)
            keys[hole] = keys[hole - 1];
        keys[hole] = key;
    }
}

/* Hoare partition around the middle element; recurses into the smaller part only. */
static void quick_sort(uint32_t *keys, long count) {
    while (count > 16) {
        uint32_t pivot = keys[count / 2];
        long left = -1, right = count;
        for (;;) {
            do left++; while (keys[left] < pivot);
            do right--; while (keys[right] > pivot);
            if (left >= right)
                break;
            uint32_t swapped = keys[left];
            keys[left] = keys[right];
            keys[right] = swapped;
        }
        long low = right + 1, high = count - low;
        if (low < high) {
            quick_sort(keys, low);
            keys += low;
            count = high;
        } else {
            quick_sort(keys + low, high);
            count = low;
        }
    }
    insertion_sort(keys, count);
}

int main(int argc, char **argv) {
    long count = (long)number(argc, argv, 1, 400000, 10000000);
    struct record *records = malloc((size_t)count * sizeof *records);
    uint32_t *keys = malloc((size_t)count * sizeof *keys);
    if (!records || !keys) {
        fprintf(stderr, "%s: not enough memory for %ld records\n", argv[0], count);
        return 1;
    }
    for (long i = 0; i < count; i++) {
        keys[i] = random32();
        records[i] = (struct record){keys[i], (uint32_t)i};
    }

    qsort(records, (size_t)count, sizeof *records, by_key);
    quick_sort(keys, count);

    uint64_t checksum = 0;
    for (long i = 0; i < count; i++) {
        if (records[i].key != keys[i] || (i > 0 && keys[i - 1] > keys[i])) {
            printf("wrong order at %ld\n", i);
            return 1;
        }
        checksum = checksum * 31 + keys[i] + records[i].origin;
    }
    printf("sorted %ld records, smallest %08x, largest %08x\n", count, keys[0], keys[count - 1]);
    printf("checksum: %016llx\n", (unsigned long long)checksum);
    return 0;
}
