// A fault whose signal is blocked ends the program, handler or not.
#include <signal.h>
#include <stdio.h>
static void handler(int sig) { printf("never\n"); }
int main(void) {
    sigset_t set;
    signal(SIGSEGV, handler);
    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    sigprocmask(SIG_BLOCK, &set, NULL);
    printf("before\n");
    fflush(stdout);
    *(volatile int *)0 = 1;
}
