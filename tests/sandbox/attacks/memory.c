// Ways out of the guest's memory: into the machine's own state, over its end, through its translated code.
#include "attack.h"
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/uio.h>

enum { RW = PROT_READ | PROT_WRITE, PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS };

#define MAP(address, length, flags) (long)mmap((void *)(address), (length), RW, PRIVATE | (flags), -1, 0)

static sigjmp_buf back;
static void caught(int signal) { siglongjmp(back, signal); }

// Tells the signal that touching an address raises.
static void touch(unsigned long address, int how) {
    struct sigaction action = {.sa_handler = caught, .sa_flags = SA_NODEFER};
    for (int signal = SIGILL; signal <= SIGSEGV; signal++) sigaction(signal, &action, 0);
    int signal = sigsetjmp(back, 1);
    if (signal == 0) {
        if (how == 'r') (void)*(volatile char *)address;
        else if (how == 'w') *(volatile char *)address = 1;
        else if (how == '8') (void)*(volatile uint64_t *)address;
        else ((void (*)(void))address)();
        TELL_VALUE("%s", "ok");
    } else {
        TELL_VALUE("%s", sigabbrev_np(signal));
    }
}

ATTACK(map_at_zero, "EPERM EPERM") {
    TELL(MAP(0, 4096, MAP_FIXED));
    TELL(MAP(0x8000, 4096, MAP_FIXED));
}
ATTACK(map_past_the_end, "ENOMEM ENOMEM ENOMEM") {
    TELL(MAP(0xc0000000, 4096, MAP_FIXED));
    TELL(MAP(0xbffff000, 8192, MAP_FIXED));
    TELL(MAP(0xfffff000, 4096, MAP_FIXED));
}
ATTACK(map_wrapped, "ENOMEM ENOMEM EINVAL ENOMEM") {
    TELL(MAP(0xfffffffffffff000, 8192, MAP_FIXED));
    TELL(MAP(0x100000000, 4096, MAP_FIXED));
    TELL(MAP(0x10001, 4096, MAP_FIXED));
    TELL(MAP(0, 0xfffffffffffff000, 0));
}
ATTACK(map_huge, "ENOMEM ENOMEM EINVAL") {
    TELL(MAP(0, 1ul << 47, 0));
    TELL(MAP(0, 3ul << 30, 0));
    TELL(MAP(0, 0, 0));
}
ATTACK(map_until_full, "ENOMEM") {
    while (MAP(0, 64 << 20, 0) != -1) {}
    TELL_ERRNO();
}
ATTACK(unmap_wrapped, "EINVAL EINVAL EINVAL") {
    TELL(munmap((void *)0x10000, 0xffffffffffff0000));
    TELL(munmap((void *)0x10001, 4096));
    TELL(munmap((void *)0xfffffffffffff000, 8192));
}
ATTACK(protect_outside, "ENOMEM ENOMEM ENOMEM") {
    TELL(mprotect(0, 4096, RW));
    TELL(mprotect((void *)0xc0000000, 4096, RW));
    TELL(mprotect((void *)0xfffffffffffff000, 4096, RW));
}
ATTACK(remap_outside, "EFAULT EINVAL denied") {
    char *page = mmap(0, 4096, RW, PRIVATE, -1, 0);
    TELL(mremap(0, 4096, 8192, MREMAP_MAYMOVE));
    TELL(mremap(page, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, 0xc0000000));
    TELL_VALUE("%s", mremap(page, 4096, 1ul << 40, MREMAP_MAYMOVE) == MAP_FAILED ? "denied" : "ok");
}
ATTACK(advise_outside, "ENOMEM EINVAL ENOMEM") {
    TELL(madvise((void *)0x1000, 4096, MADV_DONTNEED));
    TELL(madvise((void *)0x10001, 4096, MADV_DONTNEED));
    TELL(madvise((void *)0xbffff000, 8192, MADV_DONTNEED));
}
ATTACK(read_machine_state, "SEGV SEGV SEGV SEGV") {
    touch(0x100, 'r');
    touch(0x400, '8');
    touch(0xc0000000, 'r');
    touch(0xe1000000, 'r');
}
ATTACK(write_machine_state, "SEGV SEGV SEGV SEGV SEGV") {
    touch(0x430, 'w');
    touch(0xc0000010, 'w');
    touch(0xc1000000, 'w');
    touch(0xe1000000, 'w');
    touch(0xfffffff8, 'w');
}
ATTACK(access_over_the_edge, "SEGV SEGV") {
    // Eight bytes of which the first four are in the last page of the guest, which is the stack's.
    touch(0xbffffffc, '8');
    touch(0xfffc, '8');
}
ATTACK(high_addresses, "SEGV SEGV SEGV SEGV") {
    // Only the low half would be inside.
    touch(0x100010000, 'r');
    touch(0xffffffff00010000, 'w');
    touch(0x8000000000010000, 'r');
    touch((unsigned long)&back | 0x7ffffff00000000, 'w');
}
ATTACK(calls_with_machine_pointers, "EFAULT EFAULT EFAULT EFAULT EFAULT") {
    int fd = open("in/a", O_RDONLY);
    TELL(read(fd, (void *)0x400, 8));
    TELL(read(fd, (void *)0xc0000000, 8));
    TELL(write(1, (void *)0xe1000000, 8));
    TELL(read(fd, (void *)0xffffffffffffff00, 8));
    TELL(read(fd, (void *)0x100010000, 8));
}
ATTACK(vectors_over_everything, "EFAULT EINVAL EFAULT") {
    struct iovec pieces[2] = {{(void *)0x100, 8}, {(void *)0xc0000000, 1ul << 40}};
    TELL(readv(open("in/a", O_RDONLY), pieces, 2));
    pieces[0].iov_len = -1;
    TELL(writev(1, pieces, 2));
    TELL(writev(1, (void *)0xbffffff8, 5));
}
ATTACK(jump_into_data, "SEGV") {
    static unsigned code[] = {0x00008067};
    touch((unsigned long)code, 'x');
}
ATTACK(jump_to_nowhere, "SEGV SEGV SEGV SEGV") {
    touch(0, 'x');
    touch(0xc0000000, 'x');
    touch(0xe1000000, 'x');
    touch(0x123456789abc0, 'x');
}
ATTACK(jump_to_stack, "SEGV") {
    volatile unsigned code[2] = {0x00008067, 0x00008067};
    touch((unsigned long)code, 'x');
}
ATTACK(instructions_at_the_edge, "SEGV") {
    // A four-byte instruction whose second half is not mapped.
    char *page = mmap(0, 8192, RW | PROT_EXEC, PRIVATE, -1, 0);
    munmap(page + 4096, 4096);
    memcpy(page + 4094, "\x13\x05", 2);
    __builtin___clear_cache(page, page + 4096);
    touch((unsigned long)page + 4094, 'x');
}
ATTACK(code_that_rewrites_itself, "2000") {
    unsigned *code = mmap(0, 4096, RW | PROT_EXEC, PRIVATE, -1, 0);
    long sum = 0;
    for (int i = 0; i < 2000; i++) {
        code[0] = 0x00000513 | (unsigned)(i % 2 ? 2 : 0) << 20;
        code[1] = 0x00008067;
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        sum += ((long (*)(void))code)();
    }
    TELL_VALUE("%ld", sum);
}
ATTACK(code_unmapped_while_it_runs, "SEGV") {
    // munmap(page, 4096) from inside the page: `ecall` is followed by nothing.
    unsigned *code = mmap(0, 4096, RW | PROT_EXEC, PRIVATE, -1, 0);
    unsigned program[] = {0x00000073, 0x00008067};
    memcpy(code, program, sizeof program);
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    struct sigaction action = {.sa_handler = caught, .sa_flags = SA_NODEFER};
    sigaction(SIGSEGV, &action, 0);
    int signal = sigsetjmp(back, 1);
    if (signal == 0) {
        register long a0 asm("a0") = (long)code, a1 asm("a1") = 4096, a7 asm("a7") = SYS_munmap;
        asm volatile("jalr %3" : "+r"(a0) : "r"(a1), "r"(a7), "r"(code) : "ra", "memory");
    }
    TELL_VALUE("%s", signal ? sigabbrev_np(signal) : "ok");
}
ATTACK(stack_of_nothing, "signal SIGSEGV") {
    asm volatile("li sp, 0\n sd ra, -8(sp)");
}
ATTACK(stack_at_the_edge_of_the_machine, "signal SIGSEGV") {
    asm volatile("li sp, 0x10000\n sd ra, -8(sp)");
}
ATTACK(handler_on_a_stack_of_nothing, "signal SIGSEGV") {
    struct sigaction action = {.sa_handler = caught};
    sigaction(SIGUSR1, &action, 0);
    register long a0 asm("a0") = getpid(), a1 asm("a1") = SIGUSR1, a7 asm("a7") = SYS_kill;
    asm volatile("li sp, 0x200\n ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
}
ATTACK(frame_that_is_forged, "signal SIGSEGV") {
    // A return from a handler whose frame has a pc and a stack pointer in the machine's own memory.
    static char frame[2048] __attribute__((aligned(16)));
    for (int i = 0; i < 2048; i += 8) *(unsigned long *)(frame + i) = 0xc0000000;
    register long a7 asm("a7") = SYS_rt_sigreturn;
    asm volatile("mv sp, %0\n ecall" ::"r"(frame), "r"(a7) : "memory");
}
ATTACK(deep_recursion, "signal SIGSEGV") {
    volatile char room[4096];
    room[0] = 1;
    deep_recursion();
    room[1] = 2;
}
ATTACK(break_moved_everywhere, "same same same") {
    long now = syscall(SYS_brk, 0);
    TELL_VALUE("%s", syscall(SYS_brk, 0xc0000000) == now ? "same" : "moved");
    TELL_VALUE("%s", syscall(SYS_brk, -1) == now ? "same" : "moved");
    TELL_VALUE("%s", syscall(SYS_brk, 0x1000) == now ? "same" : "moved");
}
ATTACK(freed_memory_is_zero, "0") {
    long sum = 0;
    for (int round = 0; round < 20; round++) {
        char *page = mmap(0, 1 << 16, RW, PRIVATE, -1, 0);
        for (int i = 0; i < 1 << 16; i++) sum += page[i];
        memset(page, 0x5a, 1 << 16);
        munmap(page, 1 << 16);
    }
    TELL_VALUE("%ld", sum);
}
