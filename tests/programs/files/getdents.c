// Raw getdents64: every entry with its type, a buffer that is too small, offsets that can be returned to.
#include "../show.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int main(void) {
    mkdir("d", 0755);
    for (int i = 0; i < 40; i++) {
        char name[40];
        snprintf(name, sizeof name, "d/file-%02d-with-a-long-name", i);
        close(open(name, O_CREAT | O_WRONLY, 0644));
    }
    mkdir("d/sub", 0755);
    symlink("x", "d/link");
    int fd = open("d", O_RDONLY | O_DIRECTORY);
    char buffer[256] __attribute__((aligned(8)));
    SHOW(syscall(SYS_getdents64, fd, buffer, 10));
    char *names[100];
    int count = 0;
    for (;;) {
        long got = syscall(SYS_getdents64, fd, buffer, sizeof buffer);
        if (got <= 0) break;
        for (long at = 0; at < got;) {
            struct dirent64 *entry = (struct dirent64 *)(buffer + at);
            char *line = malloc(300);
            sprintf(line, "%d %s", entry->d_type, entry->d_name);
            names[count++] = line;
            at += entry->d_reclen;
            if (entry->d_reclen % 8) puts("record is not aligned");
        }
    }
    qsort(names, count, sizeof *names, compare);
    for (int i = 0; i < count; i++) puts(names[i]);
    SHOW(syscall(SYS_getdents64, fd, buffer, sizeof buffer));
    SHOW(lseek(fd, 0, SEEK_SET));
    IS(syscall(SYS_getdents64, fd, buffer, sizeof buffer) > 0);
    SHOW(syscall(SYS_getdents64, 0, buffer, sizeof buffer));
    SHOW(syscall(SYS_getdents64, 99, buffer, sizeof buffer));
    char c;
    SHOW(read(fd, &c, 1));
}
