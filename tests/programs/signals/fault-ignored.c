// An illegal instruction ends the program though its signal is ignored.
#include <signal.h>
#include <stdio.h>
int main(void) {
    signal(SIGILL, SIG_IGN);
    raise(SIGILL);
    printf("before\n");
    fflush(stdout);
    __asm__ volatile(".4byte 0");
}
