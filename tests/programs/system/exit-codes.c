// Only eight bits of an exit code come through; handlers run backwards, and output is flushed.
#include <stdio.h>
#include <stdlib.h>

static void one(void) { puts("one"); }
static void two(void) {
    puts("two");
    atexit(one);
}
static void with(int code, void *text) { printf("%d %s\n", code, (char *)text); }

int main(void) {
    atexit(one);
    atexit(two);
    on_exit(with, "argument");
    printf("not yet flushed ");
    exit(0x1234);
}
