// Both streams, perror, and exit codes together.
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    fprintf(stderr, "to error\n");
    printf("to output\n");
    errno = ENOENT;
    perror("what");
    error_print_progname = NULL;
    fflush(stdout);
    for (int i = 0; i < 134; i++) printf("%d %s %s\n", i, strerrorname_np(i) ? strerrorname_np(i) : "-", strerror(i));
    return 300 - 256;
}
