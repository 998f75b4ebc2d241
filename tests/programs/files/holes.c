// A file with a hole: size, zeros in between, truncation to both sides.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void size(const char *name) {
    struct stat s;
    stat(name, &s);
    printf("size %ld\n", (long)s.st_size);
}

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    SHOW(lseek(fd, 100000, SEEK_SET));
    SHOW(write(fd, "end", 3));
    size("f");
    char buffer[100];
    memset(buffer, 1, sizeof buffer);
    SHOW(pread(fd, buffer, 100, 5000));
    int zeros = 0;
    for (int i = 0; i < 100; i++) zeros += buffer[i] == 0;
    printf("zeros %d\n", zeros);
    SHOW(ftruncate(fd, 4));
    size("f");
    SHOW(ftruncate(fd, 10));
    size("f");
    SHOW(truncate("f", 2));
    size("f");
    SHOW(truncate("missing", 2));
    SHOW(ftruncate(fd, -1));
    SHOW(truncate(".", 0));
    int ro = open("f", O_RDONLY);
    SHOW(ftruncate(ro, 0));
    SHOW(ftruncate(77, 0));
    SHOW(lseek(fd, 0, SEEK_CUR));
}
