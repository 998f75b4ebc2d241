/* segv-exec: prints a line, then jumps to a valid instruction in memory that may be read and written
   but not executed. */
#include "bare.h"

static unsigned code[] = {0x00008067}; /* ret */

int main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    print("about to jump to data\n");
    unsigned *target = code;
    __asm__ volatile("" : "+r"(target) : : "memory");
    ((void (*)(void))target)();
    print("still alive\n");
    return 1;
}
