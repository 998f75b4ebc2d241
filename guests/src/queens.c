/* queens [SIZE]: in how many ways SIZE queens can stand on a board of SIZE by SIZE without attacking each other:
   recursion with a loop in each call. */
#include "number.h"
#include <stdint.h>
#include <stdio.h>

static uint32_t all;

/* Columns and diagonals that are attacked in this row, as bits. */
static uint64_t ways(uint32_t columns, uint32_t up, uint32_t down) {
    if (columns == all)
        return 1;
    uint64_t sum = 0;
    for (uint32_t free = all & ~(columns | up | down); free; free &= free - 1) {
        uint32_t queen = free & -free;
        sum += ways(columns | queen, (up | queen) << 1, (down | queen) >> 1);
    }
    return sum;
}

int main(int argc, char **argv) {
    unsigned size = (unsigned)number(argc, argv, 1, 13, 18);
    all = (1u << size) - 1;
    printf("%u queens: %llu ways\n", size, (unsigned long long)ways(0, 0, 0));
    return 0;
}
