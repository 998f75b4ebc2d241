// A grandchild outlives its parent and still speaks through the pipe.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int p[2];
    pipe(p);
    if (fork() == 0) {
        if (fork() == 0) {
            usleep(20000);
            write(p[1], "orphan", 6);
            _exit(0);
        }
        _exit(0);
    }
    close(p[1]);
    wait(NULL);
    char text[16] = {0};
    printf("%ld %s\n", (long)read(p[0], text, 15), text);
    printf("%ld\n", (long)read(p[0], text, 15));
}
