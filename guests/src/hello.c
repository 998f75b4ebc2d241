/* hello [ARG...]: greets, then prints every argument. The smallest complete libc program. */
#include <stdio.h>

int main(int argc, char **argv) {
    printf("Hello from RISC-V!\n");
    for (int i = 1; i < argc; i++)
        printf("argument %d: %s\n", i, argv[i]);
    return 0;
}
