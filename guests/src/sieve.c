/* sieve [LIMIT]: counts the primes up to LIMIT with a segmented sieve over odd numbers.
   Each segment fits a first-level cache, so the time is spent in two short loops: mark and collect. */
#include "number.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SEGMENT = 32768, MOST_BASES = 3500 }; /* 3401 primes are below the root of 1e9 */

static uint8_t composite[SEGMENT];
static uint32_t base[MOST_BASES];
static uint32_t next[MOST_BASES];

/* Fills base[] with the odd primes whose square is at most `limit`. */
static int find_bases(uint32_t limit) {
    int count = 0;
    for (uint32_t candidate = 3; candidate * candidate <= limit; candidate += 2) {
        int prime = 1;
        for (int i = 0; i < count && base[i] * base[i] <= candidate; i++) {
            if (candidate % base[i] == 0) {
                prime = 0;
                break;
            }
        }
        if (prime)
            base[count++] = candidate;
    }
    return count;
}

int main(int argc, char **argv) {
    uint32_t limit = (uint32_t)number(argc, argv, 1, 35000000, 1000000000);
    int bases = find_bases(limit);
    uint32_t odds = (limit + 1) / 2; /* index i stands for the number 2i+1 */
    for (int i = 0; i < bases; i++)
        next[i] = base[i] * base[i] / 2;

    uint32_t count = limit >= 2;
    uint64_t checksum = limit >= 2 ? 2 : 0;
    uint32_t last = limit >= 2 ? 2 : 0;
    for (uint32_t low = 0; low < odds; low += SEGMENT) {
        uint32_t size = odds - low < SEGMENT ? odds - low : SEGMENT;
        memset(composite, 0, size);
        for (int i = 0; i < bases; i++) {
            uint32_t step = base[i];
            uint32_t at = next[i] - low;
            for (; at < size; at += step)
                composite[at] = 1;
            next[i] = at + low;
        }
        for (uint32_t i = low == 0; i < size; i++) {
            if (!composite[i]) {
                last = 2 * (low + i) + 1;
                count++;
                checksum = checksum * 31 + last;
            }
        }
    }
    printf("primes up to %u: %u\n", limit, count);
    printf("largest: %u\n", last);
    printf("checksum: %016llx\n", (unsigned long long)checksum);
    return 0;
}
