// Pages are made writable one by one by the handler, and the store is made again: what a garbage collector does.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
static char *area;
static int touched[16];
static void on_segv(int sig, siginfo_t *info, void *c) {
    long page = ((char *)info->si_addr - area) / 4096;
    touched[page]++;
    mprotect(area + page * 4096, 4096, PROT_READ | PROT_WRITE);
}
int main(void) {
    area = mmap(NULL, 16 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction sa = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 16 * 4096; i += 1000) area[i]++;
        if (round % 10 == 9) mprotect(area, 16 * 4096, PROT_READ);
    }
    long sum = 0;
    for (int i = 0; i < 16 * 4096; i++) sum += area[i];
    for (int i = 0; i < 16; i++) printf("%d ", touched[i]);
    printf("\n%ld\n", sum);
}
