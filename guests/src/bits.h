/* The bits of a double, so that results can be compared exactly. */
#ifndef BITS_H
#define BITS_H

#include <stdint.h>
#include <string.h>

static unsigned long long bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

#endif
