/* static-pie [ARG...]: hello as a position-independent executable that is loaded without a dynamic
   linker, so it applies its own relocations before it may follow any pointer in its data. */
#include "bare.h"
#include <elf.h>

/* Pointers in data: each needs one R_RISCV_RELATIVE relocation. */
static const char *const greeting[] = {"Hello", " from", " a", " position-independent", " program!\n"};
static void (*const printer)(const char *) = print;

extern char image[] __asm__("__ehdr_start") __attribute__((visibility("hidden")));
extern Elf64_Dyn dynamic[] __asm__("_DYNAMIC") __attribute__((visibility("hidden")));

/* Returns how many relocations were applied, or -1 at one of another kind. */
static long relocate(void) {
    unsigned long table = 0, size = 0;
    for (const Elf64_Dyn *entry = dynamic; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_RELA)
            table = entry->d_un.d_ptr;
        else if (entry->d_tag == DT_RELASZ)
            size = entry->d_un.d_val;
    }
    const Elf64_Rela *at = (const Elf64_Rela *)(image + table);
    long count = (long)(size / sizeof *at);
    for (long i = 0; i < count; i++) {
        if (ELF64_R_TYPE(at[i].r_info) != R_RISCV_RELATIVE)
            return -1;
        *(unsigned long *)(image + at[i].r_offset) = (unsigned long)image + (unsigned long)at[i].r_addend;
    }
    __asm__ volatile("" : : : "memory");
    return count;
}

int main(int argc, char **argv) {
    long relocations = relocate();
    if (relocations < 0)
        return 1;
    for (unsigned long i = 0; i < sizeof greeting / sizeof *greeting; i++)
        printer(greeting[i]);
    print("relocations: ");
    print_number(relocations);
    print("\n");
    for (int i = 1; i < argc; i++) {
        print("argument ");
        print_number(i);
        print(": ");
        print(argv[i]);
        print("\n");
    }
    return 0;
}
