// A file in memory only: written, mapped, sealed.
#include "../show.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    int fd = memfd_create("name", MFD_ALLOW_SEALING);
    SHOW(ftruncate(fd, 4096));
    char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    strcpy(p, "through the mapping");
    char text[32] = {0};
    SHOW(pread(fd, text, 19, 0));
    puts(text);
    munmap(p, 4096);
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE));
    SHOW(fcntl(fd, F_GET_SEALS));
    SHOW(write(fd, "x", 1));
    SHOW(ftruncate(fd, 0));
}
