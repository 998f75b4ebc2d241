// Reading, writing and executing what may not be: each a signal at the right address, and execution goes on.
#include "../show.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

static sigjmp_buf back;
static char *page;
static void handler(int sig, siginfo_t *info, void *context) {
    (void)context;
    printf("signal %d code %d offset %ld\n", sig, info->si_code, (long)((char *)info->si_addr - page));
    siglongjmp(back, 1);
}

int main(void) {
    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[5] = 42;
    SHOW(mprotect(page, 4096, PROT_READ));
    printf("%d\n", page[5]);
    if (!sigsetjmp(back, 1)) ((volatile char *)page)[5] = 1;
    SHOW(mprotect(page, 4096, PROT_NONE));
    if (!sigsetjmp(back, 1)) printf("%d\n", ((volatile char *)page)[7]);
    SHOW(mprotect(page, 4096, PROT_READ | PROT_WRITE));
    if (!sigsetjmp(back, 1)) ((void (*)(void))page)();
    SHOW(munmap(page + 4096, 4096));
    if (!sigsetjmp(back, 1)) ((volatile char *)page)[4096 + 9] = 1;
    printf("%d\n", page[5]);
    SHOW(mprotect(page + 1, 4096, PROT_READ));
    SHOW(mprotect(page, 4096, 0x100));
    SHOW(mprotect(page + 4096, 4096, PROT_READ));
}
