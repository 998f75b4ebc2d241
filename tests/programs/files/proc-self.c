// What programs look up in /proc/self.
#include "../show.h"
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char path[PATH_MAX] = {0}, text[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    IS(n > 0 && path[0] == '/' && strcmp(strrchr(path, '/'), "/program") == 0);
    FILE *f = fopen("/proc/self/cmdline", "r");
    n = fread(text, 1, sizeof text, f);
    IS(n == (ssize_t)strlen(argv[0]) + 1 && strcmp(text, argv[0]) == 0);
    fclose(f);
    f = fopen("/proc/self/maps", "r");
    int stack = 0, code = 0;
    while (fgets(text, sizeof text, f)) {
        unsigned long from, to;
        char rights[8];
        sscanf(text, "%lx-%lx %7s", &from, &to, rights);
        if (from <= (unsigned long)&path && (unsigned long)&path < to) stack = rights[0] == 'r' && rights[1] == 'w';
        if (from <= (unsigned long)main && (unsigned long)main < to) code = rights[0] == 'r' && rights[2] == 'x';
    }
    fclose(f);
    IS(stack), IS(code);
    int fd = open("file", O_CREAT | O_RDWR, 0644);
    write(fd, "abc", 3);
    char name[64];
    sprintf(name, "/proc/self/fd/%d", fd);
    n = readlink(name, path, sizeof path - 1);
    IS(n > 0 && strcmp(path + n - 10, "/work/file") == 0);
    int again = open(name, O_RDONLY);
    SHOW(read(again, text, 10));
    SHOW(open("/proc/self/fd/77", O_RDONLY));
}
