// What is in a buffer at a fork comes out twice.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void bye(void) { puts("handler"); }

int main(void) {
    atexit(bye);
    printf("twice ");
    if (fork() == 0) {
        printf("child\n");
        exit(0);
    }
    wait(NULL);
    printf("parent\n");
}
