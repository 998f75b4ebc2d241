// What dlopen.c opens.
#include <stdio.h>

int counter = 1;
static __thread int calls = 5;
__attribute__((constructor)) static void start(void) {
    counter += 9;
    puts("constructor");
}
__attribute__((destructor)) static void stop(void) { printf("destructor %d\n", calls); }
int twice(int n) {
    calls++;
    return n * 2;
}
