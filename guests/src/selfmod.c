/* selfmod: writes a function into memory it may write and execute, runs it, changes one instruction,
   and runs it again; then does so in a loop where only the immediate changes. */
#include "bare.h"

enum { READ_WRITE_EXECUTE = 7, PRIVATE_ANONYMOUS = 0x22 };

/* addi a0, zero, value (RISC-V Unprivileged ISA, 2.4: imm[11:0] rs1 000 rd 0010011). */
static unsigned load_immediate(int value) { return (unsigned)value << 20 | 10 << 7 | 0x13; }

int main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    volatile unsigned *code =
        (volatile unsigned *)system_call(SYS_mmap, 0, 4096, READ_WRITE_EXECUTE, PRIVATE_ANONYMOUS, -1, 0);
    if ((long)code < 0 && (long)code > -4096) {
        print("cannot map memory to write and execute\n");
        return 1;
    }
    int (*function)(void) = (int (*)(void))code;

    code[0] = load_immediate(41);
    code[1] = 0x00008067; /* ret */
    __asm__ volatile("fence.i" : : : "memory");
    print("first ");
    print_number(function());

    code[0] = load_immediate(-42);
    __asm__ volatile("fence.i" : : : "memory");
    print("\nsecond ");
    print_number(function());

    long sum = 0;
    for (int i = 0; i < 1000; i++) {
        code[0] = load_immediate(i);
        __asm__ volatile("fence.i" : : : "memory");
        sum += function();
    }
    print("\nsum ");
    print_number(sum);
    print("\n");
    return 0;
}
