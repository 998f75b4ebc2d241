// link: dynamic
// flags: -rdynamic
// The program's own malloc is used by the C library; RTLD_NEXT finds the one behind it.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int calls;
static void *(*next)(size_t);
void *malloc(size_t n) {
    if (!next) next = dlsym(RTLD_NEXT, "malloc");
    calls++;
    return next(n);
}

int main(void) {
    int before = calls;
    char *p = strdup("by the library");
    int mine = calls - before;
    puts(p);
    printf("%d\n", mine);
    free(p);
}
