/* What a guest without libc needs: a start, system calls, and a little printing.
   Include it in exactly one file, which defines main. Numbers of system calls are those of
   Linux's include/uapi/asm-generic/unistd.h, which riscv64 uses. */
#ifndef BARE_H
#define BARE_H

enum {
    SYS_read = 63, SYS_write = 64, SYS_exit_group = 94, SYS_tgkill = 131, SYS_getpid = 172, SYS_gettid = 178,
    SYS_mmap = 222
};

int main(int argc, char **argv);

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    register long a5 __asm__("a5") = f;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
    return a0;
}

/* The kernel enters with argc at sp, then argv. Linked with --no-relax, so gp is not needed. */
__asm__(".section .text\n"
        ".globl _start\n"
        ".type _start, @function\n"
        "_start:\n"
        "    ld a0, 0(sp)\n"
        "    addi a1, sp, 8\n"
        "    call main\n"
        "    li a7, 94\n"
        "    ecall\n"
        ".size _start, .-_start\n");

static inline unsigned long length_of(const char *text) {
    unsigned long length = 0;
    while (text[length])
        length++;
    return length;
}

static inline void print(const char *text) { system_call(SYS_write, 1, (long)text, (long)length_of(text), 0, 0, 0); }

static inline void print_number(long value) {
    char digits[24], *at = digits + sizeof digits;
    unsigned long rest = value < 0 ? -(unsigned long)value : (unsigned long)value;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    system_call(SYS_write, 1, (long)at, digits + sizeof digits - at, 0, 0, 0);
}

/* The decimal number in `text`; what follows its digits is not looked at. */
static inline long number_in(const char *text) {
    long value = 0;
    while (*text >= '0' && *text <= '9')
        value = value * 10 + (*text++ - '0');
    return value;
}

#endif
