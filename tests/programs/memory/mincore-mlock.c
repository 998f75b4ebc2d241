// mlock and friends are granted for a little memory; mincore knows what is mapped.
#include "../show.h"
#include <sys/mman.h>

int main(void) {
    char *p = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    p[0] = 1;
    SHOW(mlock(p, 4096));
    SHOW(munlock(p, 4096));
    unsigned char there[2] = {0};
    SHOW(mincore(p, 4096, there));
    printf("%d\n", there[0] & 1);
    SHOW(mincore(p + 1, 4096, there));
    munmap(p + 4096, 4096);
    SHOW(mincore(p, 8192, there));
}
