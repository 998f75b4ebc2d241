// Code that is written, run, changed and run again.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
    uint32_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long sum = 0;
    for (int i = 0; i < 100; i++) {
        code[0] = 0x00000513u | (uint32_t)i << 20; // li a0, i
        code[1] = 0x00008067;                      // ret
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        sum += ((long (*)(void))code)();
    }
    printf("%ld\n", sum);
}
