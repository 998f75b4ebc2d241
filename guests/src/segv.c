/* segv: prints a line, then stores to address zero. */
#include "bare.h"

static __attribute__((noinline)) void store_to(volatile int *place) { *place = 42; }

int main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    print("about to write to null\n");
    int *nowhere;
    __asm__("li %0, 0" : "=r"(nowhere)); /* a null the compiler does not see, or it would emit a trap */
    store_to(nowhere);
    print("still alive\n");
    return 1;
}
