// The same, with a handler of SIGSEGV that has a stack.
#include "../show.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
static sigjmp_buf back;
static void never(int sig) { write(1, "never\n", 6); }
static void on_segv(int sig, siginfo_t *info, void *c) {
    printf("segv code %d addr %p\n", info->si_code, info->si_addr);
    siglongjmp(back, 1);
}
int main(void) {
    stack_t ss = {.ss_size = 65536};
    ss.ss_sp = mmap(NULL, ss.ss_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(sigaltstack(&ss, NULL));
    struct sigaction sa = {.sa_handler = never, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &sa, NULL);
    sa = (struct sigaction){.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    for (volatile int i = 0; i < 2; i++)
        if (sigsetjmp(back, 1) == 0) raise(SIGUSR1);
}
