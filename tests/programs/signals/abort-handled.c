// A handler of SIGABRT that returns does not keep abort from ending the program.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
static void handler(int sig) { printf("handler %d\n", sig); fflush(stdout); }
int main(void) {
    signal(SIGABRT, handler);
    abort();
}
