// getrandom gives as much as asked, not twice the same, and knows its flags.
#include "../show.h"
#include <sys/random.h>

int main(void) {
    unsigned char a[32] = {0}, b[32] = {0};
    SHOW(getrandom(a, 32, 0));
    SHOW(getrandom(b, 32, GRND_NONBLOCK));
    IS(memcmp(a, b, 32) != 0);
    SHOW(getrandom(a, 0, 0));
    SHOW(getrandom(a, 10, 0x100));
    SHOW(getrandom((void *)8, 10, 0));
    SHOW(getentropy(a, 32));
    SHOW(getentropy(a, 257));
}
