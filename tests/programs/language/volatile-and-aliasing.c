// Bytes of one object seen through others: unions, memcpy, unaligned packed structures.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct __attribute__((packed)) odd {
    uint8_t a;
    uint32_t b;
    uint16_t c;
    uint64_t d;
    double e;
};

int main(void) {
    struct odd s = {1, 0x01020304, 0x0506, 0x1122334455667788, 1.5}, t;
    unsigned char bytes[sizeof s];
    memcpy(bytes, &s, sizeof s);
    for (unsigned i = 0; i < sizeof s; i++) printf("%02x", bytes[i]);
    puts("");
    for (unsigned i = 0; i < sizeof s; i++) bytes[i] ^= i;
    memcpy(&t, bytes, sizeof t);
    printf("%x %x %x %lx\n", t.a, t.b, t.c, (long)t.d);
    union {
        float f;
        uint32_t u;
        uint8_t b[4];
    } u = {.f = -2.5f};
    printf("%x %x\n", u.u, u.b[3]);
    volatile struct odd *v = &s;
    for (int i = 0; i < 5; i++) v->b += v->c, v->d -= v->b, v->e *= 1.5;
    printf("%x %lx %g\n", s.b, (long)s.d, s.e);
}
