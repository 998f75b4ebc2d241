// link: dynamic
// flags: -Wl,--no-as-needed -L. -l:libutil.so.1
// A library that is only a placeholder these days is found and loaded all the same.
#include <stdio.h>

int main(void) { puts("loaded"); }
