// What siginfo tells of faults, and precise recovery from each.
#include "../show.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
static sigjmp_buf back;
static char *expected;
static void on_fault(int sig, siginfo_t *info, void *c) {
    printf("signal %d code %d errno %d offset %ld\n", sig, info->si_code, info->si_errno, (char *)info->si_addr - expected);
    siglongjmp(back, 1);
}
#define TRY(where, action)                 \
    do {                                   \
        expected = (char *)(where);        \
        printf("%s: ", #action);           \
        if (sigsetjmp(back, 1) == 0) {     \
            action;                        \
            printf("no fault\n");          \
        }                                  \
    } while (0)
static const char constant[] = "constant";
int main(void) {
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP};
    for (int i = 0; i < 4; i++) sigaction(faults[i], &sa, NULL);
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    volatile char *p = page;
    TRY(0, *(volatile int *)0);
    TRY(16, *(volatile long *)16 = 1);
    TRY(page + 4096, p[4096]);
    TRY(page + 4097, p[4097] = 1);
    mprotect(page, 4096, PROT_READ);
    TRY(page, p[0]);
    TRY(page + 5, p[5] = 1);
    mprotect(page, 4096, PROT_NONE);
    TRY(page + 8, p[8]);
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
    TRY(page, ((void (*)(void))page)());
    TRY(0, ((void (*)(void))0)());
    TRY(-8, *(volatile char *)-8);
    TRY(-8, *(volatile char *)-8 = 1);
    TRY(-16, ((void (*)(void))-16)());
    TRY(constant, *(volatile char *)constant = 'C');
    extern char illegal[], trap[];
    TRY(illegal, __asm__ volatile(".globl illegal\n.balign 4\nillegal: .4byte 0xffffffff"));
    TRY(trap, __asm__ volatile(".option push\n.option norvc\n.globl trap\ntrap: ebreak\n.option pop"));
}
