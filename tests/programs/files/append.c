// O_APPEND writes at the end wherever the offset stands; F_SETFL switches it.
#include "../show.h"
#include <fcntl.h>
#include <unistd.h>

int main(void) {
    int a = open("f", O_CREAT | O_RDWR | O_APPEND, 0644);
    int b = open("f", O_RDWR);
    write(a, "one ", 4);
    write(b, "ONE", 3);
    write(a, "two ", 4);
    SHOW(lseek(a, 0, SEEK_SET));
    write(a, "three ", 6);
    SHOW(lseek(a, 0, SEEK_CUR));
    IS((fcntl(a, F_GETFL) & (O_APPEND | O_ACCMODE)) == (O_APPEND | O_RDWR));
    SHOW(fcntl(a, F_SETFL, 0));
    SHOW(lseek(a, 1, SEEK_SET));
    write(a, "+", 1);
    SHOW(fcntl(b, F_SETFL, O_APPEND));
    write(b, "four", 4);
    char text[64] = {0};
    SHOW(pread(a, text, 63, 0));
    puts(text);
}
