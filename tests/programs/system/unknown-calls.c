// Numbers of system calls that there are not.
#include "../show.h"
#include <unistd.h>

int main(void) {
    SHOW(syscall(5000));
    SHOW(syscall(-1));
    SHOW(syscall(1L << 40));
    SHOW(syscall(600, 1, 2, 3, 4, 5, 6));
}
