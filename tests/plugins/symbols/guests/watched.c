/* watched: a variable that is changed in several ways. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

volatile int counter = 5;
volatile unsigned char bytes[12];
static int pipes[2];

int main(void) {
    counter = 6;
    counter = 6;
    counter += 10;
    __sync_fetch_and_add(&counter, 1);
    *(volatile unsigned char *)&counter = 0xff;
    __asm__ volatile("sd %1, 1(%0)" : : "r"(bytes), "r"(0x1122334455667788) : "memory");
    if (pipe(pipes) == 0 && write(pipes[1], "abc", 3) == 3 && read(pipes[0], (void *)(bytes + 4), 3) == 3)
        printf("%d %02x %02x\n", counter, bytes[4], bytes[8]);
    return 0;
}
