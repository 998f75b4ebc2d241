// Many sizes allocated, grown and freed in an order that a generator gives; every byte as it was written.
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    enum { SLOTS = 200 };
    unsigned char *block[SLOTS] = {0};
    size_t size[SLOTS] = {0};
    uint32_t seed = 1, bad = 0;
    for (int step = 0; step < 20000; step++) {
        seed = seed * 1664525 + 1013904223;
        int slot = (seed >> 8) % SLOTS;
        size_t next = (seed >> 16) % (step % 100 == 0 ? 200000 : 800);
        for (size_t i = 0; i < size[slot]; i += 97) bad += block[slot][i] != (unsigned char)(slot + i);
        if (seed & 0x40) {
            free(block[slot]);
            block[slot] = malloc(next + 1);
        } else {
            block[slot] = realloc(block[slot], next + 1);
        }
        size[slot] = next;
        for (size_t i = 0; i < next; i++) block[slot][i] = slot + i;
    }
    printf("bad %u\n", bad);
    void *aligned = NULL;
    printf("%d %d\n", posix_memalign(&aligned, 4096, 100), (int)((uintptr_t)aligned % 4096));
    printf("%d\n", posix_memalign(&aligned, 3, 100));
    printf("%d\n", (int)((uintptr_t)aligned_alloc(64, 640) % 64));
    printf("%d\n", malloc((size_t)-1) == NULL);
    printf("%d\n", calloc((size_t)1 << 62, 8) == NULL);
    int *zeros = calloc(1000, 4), sum = 0;
    for (int i = 0; i < 1000; i++) sum |= zeros[i];
    printf("%d %d\n", sum, malloc_usable_size(zeros) >= 4000);
}
