// SEEK_DATA and SEEK_HOLE in a dense file, and past its end.
#include "../show.h"
#include <fcntl.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    char block[8192] = {1};
    SHOW(write(fd, block, sizeof block));
    SHOW(lseek(fd, 0, SEEK_DATA));
    SHOW(lseek(fd, 0, SEEK_HOLE));
    SHOW(lseek(fd, 8192, SEEK_DATA));
    SHOW(lseek(fd, 8192, SEEK_HOLE));
    SHOW(lseek(fd, 100, SEEK_HOLE));
}
