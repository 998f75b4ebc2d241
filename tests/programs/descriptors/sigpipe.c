// A write into a pipe without reader kills by SIGPIPE.
#include <stdio.h>
#include <unistd.h>

int main(void) {
    int p[2];
    pipe(p);
    close(p[0]);
    puts("before");
    fflush(stdout);
    write(p[1], "x", 1);
    puts("after");
}
