// witness: native, because QEMU 7.2 leaves execve to the host
// popen for reading and for writing; pclose gives the exit code.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    FILE *f = popen("echo one; echo two; exit 5", "r");
    char line[64];
    while (fgets(line, sizeof line, f)) printf("read %s", line);
    int status = pclose(f);
    printf("%d\n", WEXITSTATUS(status));
    f = popen("read x; echo got $x; exit 4", "w");
    fprintf(f, "text\n");
    status = pclose(f);
    printf("%d\n", WEXITSTATUS(status));
    FILE *a = popen("echo a", "r"), *b = popen("echo b", "r");
    printf("%s", fgets(line, sizeof line, b));
    printf("%s", fgets(line, sizeof line, a));
    status = pclose(a);
    printf("%d", status);
    status = pclose(b);
    printf(" %d\n", status);
}
