// flags: -lm
// RISC-V gives the canonical NaN; moves, signs and loads keep payloads.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static double from(uint64_t bits) {
    double d;
    memcpy(&d, &bits, 8);
    return d;
}
static uint64_t bits(double d) {
    uint64_t b;
    memcpy(&b, &d, 8);
    return b;
}
static uint32_t bits32(float f) {
    uint32_t b;
    memcpy(&b, &f, 4);
    return b;
}

int main(void) {
    volatile double quiet = from(0x7ff8000000001234), signaling = from(0x7ff0000000005678), negative = from(0xfff8000000000001), one = 1;
    printf("%lx %lx\n", bits(quiet), bits(signaling));
    printf("%lx %lx %lx\n", bits(quiet + one), bits(signaling * one), bits(negative - one));
    printf("%lx %lx %lx\n", bits(-quiet), bits(fabs(negative)), bits(copysign(quiet, -1)));
    printf("%x %lx\n", bits32((float)quiet), bits((double)(float)signaling));
    printf("%lx %lx\n", bits(fmin(quiet, one)), bits(fmax(signaling, negative)));
    printf("%lx %lx\n", bits(sqrt(quiet)), bits(fma(quiet, one, one)));
    printf("%d %d %d\n", isnan(quiet), issignaling(signaling), issignaling(quiet));
    printf("%f %f %F\n", quiet, -quiet, negative);
    printf("%lx\n", bits(nan("0x77")));
    volatile float f;
    uint32_t raw = 0x7f800001;
    memcpy((void *)&f, &raw, 4);
    printf("%x %x\n", bits32(f), bits32(f + 0));
}
