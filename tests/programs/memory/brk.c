// The program break moves where it is told, grows with zeros, and shrinks.
#include "../show.h"
#include <unistd.h>

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    char *start = sbrk(0);
    IS(sbrk(10000) == start);
    IS(sbrk(0) == start + 10000);
    int dirty = 0;
    for (int i = 0; i < 10000; i++) dirty += start[i] != 0;
    printf("%d\n", dirty);
    memset(start, 5, 10000);
    IS(sbrk(-5000) == start + 10000);
    IS(sbrk(0) == start + 5000);
    printf("%d\n", start[4999]);
    SHOW(brk(start));
    IS(sbrk(0) == start);
    IS(brk((void *)-4096L) == -1 && errno == ENOMEM);
    IS(sbrk(0) == start);
    char *big = sbrk(1 << 20);
    big[(1 << 20) - 1] = 1;
    puts("done");
}
