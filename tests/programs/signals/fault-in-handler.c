// A fault in a handler of another fault; the second one is blocked in its own handler and ends the program.
#include <signal.h>
#include <stdio.h>
static void on_segv(int sig) {
    printf("segv\n");
    fflush(stdout);
    *(volatile int *)8 = 1;
}
static void on_trap(int sig) {
    printf("trap\n");
    *(volatile int *)8 = 1;
}
int main(void) {
    signal(SIGSEGV, on_segv);
    signal(SIGTRAP, on_trap);
    __asm__ volatile("ebreak");
}
