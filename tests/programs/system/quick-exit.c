// quick_exit runs its own handlers only, and _Exit none.
#include <stdio.h>
#include <stdlib.h>

static void never(void) { puts("never"); }
static void quick(void) {
    puts("quick");
    fflush(stdout);
}

int main(void) {
    atexit(never);
    at_quick_exit(quick);
    printf("lost?");
    fflush(stdout);
    quick_exit(7);
}
