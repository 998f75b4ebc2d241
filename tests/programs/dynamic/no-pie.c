// link: dynamic
// flags: -no-pie -fno-pie
// A program at a fixed address with copy relocations.
#include <stdio.h>

int main(void) {
    fprintf(stdout, "%d\n", (unsigned long)&stdout < 0x40000000);
    return stdin == NULL;
}
