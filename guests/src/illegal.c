/* illegal [16]: prints a line, then executes an instruction that is defined to be illegal: the 32-bit
   `unimp` (a write to the read-only CSR cycle), or with an argument the 16-bit one (all zeros). */
#include "bare.h"

int main(int argc, char **argv) {
    (void)argv;
    print("about to execute an illegal instruction\n");
    if (argc > 1)
        __asm__ volatile(".half 0");
    else
        __asm__ volatile(".word 0xc0001073");
    print("still alive\n");
    return 1;
}
