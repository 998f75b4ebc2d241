// A failed assertion says where on standard error and aborts.
#include <assert.h>
#include <stdio.h>

int main(int argc, char **argv) {
    printf("before\n");
    fflush(stdout);
#line 100 "somewhere.c"
    assert(argc == 77 && "a reason");
}
