// Offsets belong to open file descriptions: dup shares them, a second open does not; pread leaves them alone.
#include "../show.h"
#include <fcntl.h>
#include <unistd.h>

int main(void) {
    char text[32] = {0};
    int a = open("f", O_CREAT | O_RDWR, 0644);
    int b = open("f", O_RDWR);
    int c = dup(a);
    SHOW(write(a, "abcdefghij", 10));
    SHOW(lseek(a, 0, SEEK_CUR));
    SHOW(lseek(b, 0, SEEK_CUR));
    SHOW(lseek(c, 0, SEEK_CUR));
    SHOW(lseek(c, 2, SEEK_SET));
    SHOW(read(a, text, 3));
    puts(text);
    SHOW(lseek(c, 0, SEEK_CUR));
    SHOW(pread(a, text, 4, 6));
    puts(text);
    SHOW(pwrite(b, "XY", 2, 1));
    SHOW(lseek(b, 0, SEEK_CUR));
    SHOW(pread(a, text, 30, 0));
    puts(text);
    SHOW(pread(a, text, 5, 100));
    SHOW(pread(a, text, 5, -1));
    SHOW(lseek(a, -1, SEEK_SET));
    SHOW(lseek(a, -3, SEEK_END));
    SHOW(lseek(a, 5, 99));
    SHOW(read(a, text, 10));
    SHOW(read(a, text, 10));
    SHOW(read(a, text, 0));
}
