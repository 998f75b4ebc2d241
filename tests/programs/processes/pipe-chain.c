// A chain of five processes, each adding something to what comes through its pipe.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int first[2], in;
    pipe(first);
    in = first[0];
    for (int i = 0; i < 5; i++) {
        int out[2];
        pipe(out);
        if (fork() == 0) {
            close(first[1]);
            close(out[0]);
            int v;
            while (read(in, &v, sizeof v) == sizeof v) {
                v = v * 10 + i;
                write(out[1], &v, sizeof v);
            }
            _exit(0);
        }
        close(in);
        close(out[1]);
        in = out[0];
    }
    for (int v = 1; v <= 3; v++) write(first[1], &v, sizeof v);
    close(first[1]);
    int v;
    while (read(in, &v, sizeof v) == sizeof v) printf("%d\n", v);
    while (wait(NULL) > 0)
        ;
}
