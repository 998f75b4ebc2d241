// A file in memory only: its length, what a shared mapping writes, its descriptor.
#include "../show.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int fd = memfd_create("name", MFD_CLOEXEC);
    SHOW(fcntl(fd, F_GETFD));
    SHOW(ftruncate(fd, 4096));
    char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    strcpy(p, "through the mapping");
    char text[32] = {0};
    SHOW(pread(fd, text, 19, 0));
    puts(text);
    SHOW(pwrite(fd, "T", 1, 0));
    puts(p);
    munmap(p, 4096);
    struct stat s;
    SHOW(fstat(fd, &s));
    printf("%d %ld %ld\n", S_ISREG(s.st_mode), (long)s.st_size, (long)s.st_nlink);
    SHOW(memfd_create("name", 0x10000));
}
