// link: dynamic
// flags: -pie -fPIE
// A position-independent executable with pointers in its data.
#include <stdio.h>

static int values[] = {3, 1, 4, 1, 5};
static int *const pointers[] = {&values[4], &values[2], &values[0]};
static const char *const names[] = {"one", "two", "three"};

int main(void) {
    for (int i = 0; i < 3; i++) printf("%d %s\n", *pointers[i], names[i]);
}
