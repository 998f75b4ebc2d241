// A handler makes the page writable, and the store is done again.
#include "../show.h"
#include <signal.h>
#include <sys/mman.h>

static char *page;
static int faults;
static void handler(int sig, siginfo_t *info, void *context) {
    faults++;
    mprotect((void *)((unsigned long)info->si_addr & ~4095ul), 4096, PROT_READ | PROT_WRITE);
}

int main(void) {
    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    page = mmap(NULL, 16 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long sum = 0;
    for (int i = 0; i < 16 * 4096; i += 64) page[i] = i / 64;
    for (int i = 0; i < 16 * 4096; i += 64) sum += (unsigned char)page[i];
    printf("%ld %d\n", sum, faults);
}
