// link: dynamic
// A dynamically linked program: loader, C library, relocations of data and functions.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int (*compare)(const char *, const char *) = strcmp;
char **environment;
extern char **environ;

int main(int argc, char **argv) {
    environment = environ;
    char *copy = strdup("dynamic");
    printf("%s %d %d\n", copy, compare("a", "a"), environment != NULL);
    free(copy);
    return 5;
}
