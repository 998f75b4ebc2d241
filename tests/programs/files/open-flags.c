// What open(2) makes of O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DIRECTORY and O_NOFOLLOW.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    SHOW(open("missing", O_RDONLY));
    SHOW(open("a", O_CREAT | O_EXCL | O_RDWR, 0644));
    SHOW(open("a", O_CREAT | O_EXCL | O_RDWR, 0644));
    SHOW(write(3, "12345678", 8));
    SHOW(open("a", O_WRONLY | O_TRUNC));
    SHOW(lseek(3, 0, SEEK_END));
    SHOW(write(3, "ab", 2));
    SHOW(open("a", O_WRONLY | O_APPEND));
    SHOW(write(5, "cd", 2));
    SHOW(lseek(5, 0, SEEK_CUR));
    SHOW(open("a", O_RDONLY | O_DIRECTORY));
    SHOW(mkdir("d", 0755));
    SHOW(open("d", O_WRONLY));
    SHOW(open("d", O_RDONLY | O_CREAT, 0644));
    SHOW(open("d", O_RDONLY | O_DIRECTORY));
    SHOW(symlink("a", "link"));
    SHOW(open("link", O_RDONLY | O_NOFOLLOW));
    SHOW(open("link", O_RDONLY));
    SHOW(open("a/b", O_RDONLY));
    SHOW(open("", O_RDONLY));
    SHOW(write(7, "x", 1));
    char buffer[4];
    SHOW(read(4, buffer, 4));
    SHOW(close(99));
    SHOW(close(3));
    SHOW(close(3));
    SHOW(open("a", O_RDONLY));
}
