/* unknown-syscall: makes system call 9999, which does not exist, twice, and prints what it returned. */
#include "bare.h"

int main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    for (int i = 0; i < 2; i++) {
        print("system call 9999 returned errno ");
        print_number(-system_call(9999, 1, 2, 3, 4, 5, 6));
        print("\n");
    }
    return 0;
}
