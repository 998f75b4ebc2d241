// witness: native, because QEMU 7.2 exits with 0 instead
// A handler that cannot be run for want of a stack: SIGSEGV, though the signal itself is harmless.
#include "../show.h"
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
static void never(int sig) { write(1, "never\n", 6); }
int main(void) {
    stack_t ss = {.ss_size = 65536};
    ss.ss_sp = mmap(NULL, ss.ss_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(sigaltstack(&ss, NULL));
    struct sigaction sa = {.sa_handler = never, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &sa, NULL);
    sigaction(SIGSEGV, &sa, NULL);
    fflush(stdout);
    raise(SIGUSR1);
}
