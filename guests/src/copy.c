/* copy [MEGABYTES]: libc's memcpy, memmove and memset, from a few bytes to a few pages, aligned and not,
   until so many megabytes (of 2^20) are written. */
#include "number.h"
#include "random.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ROOM = 1 << 17, LARGEST = 1 << 14 };

static uint8_t from[ROOM + LARGEST], to[ROOM + LARGEST];

int main(int argc, char **argv) {
    uint64_t wanted = (uint64_t)number(argc, argv, 1, 480, 1000000) << 20;
    for (uint32_t i = 0; i < sizeof from; i++)
        from[i] = (uint8_t)random64();

    uint64_t written = 0, calls = 0;
    while (written < wanted) {
        /* As many up to 32 bytes as up to 64, as up to 128, ... */
        uint32_t size = 1 + random_to((32u << random_to(9)) - 1), place = random_to(ROOM - 1);
        switch (calls++ & 3) {
        case 0:
            memcpy(to + place, from + random_to(ROOM - 1), size);
            break;
        case 1:
            memcpy(to + (place & ~7u), from + (random_to(ROOM - 1) & ~7u), size);
            break;
        case 2:
            memmove(to + place, to + (place ^ (random_to(31) + 1)), size); /* over itself, up and down */
            break;
        default:
            memset(from + place, (int)(calls >> 2), size / 4);
            break;
        }
        written += size;
    }
    uint64_t checksum = 0;
    for (uint32_t i = 0; i < sizeof to; i++)
        checksum = checksum * 31 + to[i] + from[i];
    printf("%llu calls, checksum %016llx\n", (unsigned long long)calls, (unsigned long long)checksum);
    return 0;
}
