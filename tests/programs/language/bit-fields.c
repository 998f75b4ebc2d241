// Bit-fields of odd widths, signed and not, across words.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct fields {
    unsigned a : 3;
    int b : 5;
    unsigned long c : 33;
    signed char d : 2;
    unsigned : 0;
    unsigned e : 1, f : 31;
    _Bool g : 1;
};

int main(void) {
    struct fields s;
    unsigned char bytes[sizeof s];
    memset(&s, 0, sizeof s);
    printf("%zu\n", sizeof s);
    for (int i = 0; i < 40; i += 3) {
        s.a += i, s.b -= i, s.c = s.c * 5 + i, s.d++, s.e ^= 1, s.f += 1u << (i % 31), s.g = i & 2;
        printf("%u %d %lu %d %u %u %d:", s.a, s.b, (unsigned long)s.c, s.d, s.e, s.f, s.g);
        memcpy(bytes, &s, sizeof s);
        for (unsigned j = 0; j < sizeof s; j++) printf("%02x", bytes[j]);
        puts("");
    }
}
