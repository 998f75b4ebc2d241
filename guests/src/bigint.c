/* bigint [BASES]: is the Mersenne number 2^1279 - 1 prime? Fermat's test with one base after another: modular powers
   by Montgomery multiplication of 20 words, so the high half of 64-bit products is what counts. */
#include "number.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BITS = 1279, WORDS = (BITS + 63) / 64 };

typedef unsigned __int128 wide;
typedef uint64_t big[WORDS];

static big modulus;

/* a * b / 2^(64 WORDS) modulo the modulus. That is -1 modulo 2^64, so the factor that clears a word is the word. */
static void multiply(big product, const big a, const big b) {
    uint64_t sum[WORDS + 2] = {0};
    for (int i = 0; i < WORDS; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < WORDS; j++) {
            wide part = (wide)a[j] * b[i] + sum[j] + carry;
            sum[j] = (uint64_t)part;
            carry = (uint64_t)(part >> 64);
        }
        wide top = (wide)sum[WORDS] + carry;
        sum[WORDS] = (uint64_t)top;
        sum[WORDS + 1] = (uint64_t)(top >> 64);

        uint64_t factor = sum[0];
        carry = (uint64_t)(((wide)factor * modulus[0] + sum[0]) >> 64);
        for (int j = 1; j < WORDS; j++) {
            wide part = (wide)factor * modulus[j] + sum[j] + carry;
            sum[j - 1] = (uint64_t)part;
            carry = (uint64_t)(part >> 64);
        }
        top = (wide)sum[WORDS] + carry;
        sum[WORDS - 1] = (uint64_t)top;
        sum[WORDS] = sum[WORDS + 1] + (uint64_t)(top >> 64);
    }

    uint64_t borrow = 0, less[WORDS];
    for (int i = 0; i < WORDS; i++) {
        wide part = (wide)sum[i] - modulus[i] - borrow;
        less[i] = (uint64_t)part;
        borrow = (uint64_t)(part >> 64) & 1;
    }
    memcpy(product, sum[WORDS] >= borrow ? less : sum, sizeof(big));
}

/* 2^(64 WORDS) is 2 modulo 2^1279 - 1, so a small number's Montgomery form is twice the number. */
static void small(big form, uint64_t value) {
    memset(form, 0, sizeof(big));
    form[0] = value << (64 * WORDS - BITS);
}

int main(int argc, char **argv) {
    unsigned long bases = number(argc, argv, 1, 10, 100000);
    memset(modulus, 0xff, sizeof modulus);
    modulus[WORDS - 1] >>= 64 * WORDS - BITS;

    big one;
    small(one, 1);
    uint64_t checksum = 0;
    for (unsigned long base = 2; base < bases + 2; base++) {
        big power, form;
        small(form, base);
        memcpy(power, form, sizeof power);
        /* The exponent, 2^1279 - 2, is 1278 ones and a zero. */
        for (int bit = 1; bit < BITS; bit++) {
            multiply(power, power, power);
            checksum = checksum * 31 + power[bit % WORDS];
            if (bit < BITS - 1)
                multiply(power, power, form);
        }
        if (memcmp(power, one, sizeof power)) {
            printf("base %lu says that it is not prime\n", base);
            return 1;
        }
    }
    printf("%lu bases say that 2^%d - 1 is prime\n", bases, BITS);
    printf("checksum: %016llx\n", (unsigned long long)checksum);
    return 0;
}
