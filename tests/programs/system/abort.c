// abort ends with SIGABRT; a handler may look, not stay.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void handler(int sig) { write(1, sig == SIGABRT ? "abort\n" : "?\n", 6); }

int main(void) {
    signal(SIGABRT, handler);
    abort();
}
