/* Pseudo-random numbers, the same in every guest and on every machine: Marsaglia's xorshift64. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static inline uint64_t random64(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* From 0 to `most`, by the high half, which is the more random one. */
static inline uint32_t random_to(uint32_t most) { return (uint32_t)((random64() >> 32) * (most + 1ull) >> 32); }

#endif
