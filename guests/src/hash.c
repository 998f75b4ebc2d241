/* hash [OPERATIONS]: a hash table with linear probing: insert, look up, remove by shifting back, grow. */
#include "number.h"
#include "random.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct entry {
    uint64_t key; /* 0: free */
    uint64_t value;
};

static struct entry *table;
static uint64_t slots, used;

/* The finalizer of splitmix64. */
static uint64_t place_of(uint64_t key) {
    key = (key ^ key >> 30) * 0xbf58476d1ce4e5b9u;
    key = (key ^ key >> 27) * 0x94d049bb133111ebu;
    return (key ^ key >> 31) & (slots - 1);
}

static struct entry *find(uint64_t key) {
    uint64_t at = place_of(key);
    while (table[at].key && table[at].key != key)
        at = (at + 1) & (slots - 1);
    return &table[at];
}

static void grow(void) {
    struct entry *old = table;
    uint64_t count = slots;
    slots = count ? count * 2 : 64;
    table = calloc(slots, sizeof *table);
    if (!table) {
        fprintf(stderr, "hash: not enough memory for %llu entries\n", (unsigned long long)slots);
        exit(1);
    }
    for (uint64_t i = 0; i < count; i++)
        if (old[i].key)
            *find(old[i].key) = old[i];
    free(old);
}

static struct entry *insert(uint64_t key) {
    if (used * 4 >= slots * 3)
        grow();
    struct entry *entry = find(key);
    used += !entry->key;
    entry->key = key;
    return entry;
}

static int take_out(uint64_t key) {
    struct entry *found = find(key);
    if (!found->key)
        return 0;
    uint64_t hole = (uint64_t)(found - table);
    for (uint64_t at = (hole + 1) & (slots - 1); table[at].key; at = (at + 1) & (slots - 1)) {
        uint64_t home = place_of(table[at].key);
        /* What would not be found past the hole moves into it. */
        if (((at - home) & (slots - 1)) >= ((at - hole) & (slots - 1))) {
            table[hole] = table[at];
            hole = at;
        }
    }
    table[hole].key = 0;
    used--;
    return 1;
}

int main(int argc, char **argv) {
    unsigned long operations = number(argc, argv, 1, 4300000, 1000000000);
    uint64_t removed = 0, hits = 0, checksum = 0;
    grow();
    for (unsigned long i = 0; i < operations; i++) {
        uint64_t key = 1 + random_to(99999);
        switch (random_to(3)) {
        case 0:
            removed += (uint64_t)take_out(key);
            break;
        case 1:
            insert(key)->value += i;
            break;
        default: {
            const struct entry *entry = find(key);
            if (entry->key) {
                hits++;
                checksum = checksum * 31 + entry->value;
            }
        }
        }
    }
    printf("%lu operations: %llu hits, %llu removed, %llu left\n", operations, (unsigned long long)hits,
           (unsigned long long)removed, (unsigned long long)used);
    printf("checksum: %016llx\n", (unsigned long long)checksum);
    return 0;
}
