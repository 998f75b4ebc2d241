// A mapping that starts in the middle of a file, and two mappings of the same page.
#include "../show.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    char page[4096];
    for (int i = 0; i < 4; i++) {
        memset(page, 'a' + i, sizeof page);
        write(fd, page, sizeof page);
    }
    char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 8192);
    char *q = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 12288);
    printf("%c %c %c\n", p[0], p[4096], q[0]);
    p[4096] = 'X';
    q[1] = 'Y';
    printf("%c %c\n", q[0], p[4097]);
    munmap(p, 8192);
    munmap(q, 4096);
    char two[3] = {0};
    SHOW(pread(fd, two, 2, 12288));
    puts(two);
}
