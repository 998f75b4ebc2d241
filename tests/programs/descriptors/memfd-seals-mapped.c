// Seals against mappings: a writable one is in the way of sealing, and a sealed file gets no new one.
#include "../show.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int fd = memfd_create("name", MFD_ALLOW_SEALING);
    SHOW(ftruncate(fd, 8192));
    char *map = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    map[0] = 'a';
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    SHOW(fcntl(fd, F_ADD_SEALS, 0x1000));
    SHOW(munmap(map, 4096));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW));
    SHOW(fcntl(fd, F_GET_SEALS));
    SHOW(pwrite(fd, "x", 1, 0));
    SHOW(ftruncate(fd, 9000));
    SHOW(ftruncate(fd, 4096));
    SHOW(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
    char *own = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    IS(own[0] == 'a');
    own[0] = 'b';
    char text[1];
    SHOW(pread(fd, text, 1, 0));
    IS(text[0] == 'a');
    int unsealable = memfd_create("other", 0);
    SHOW(fcntl(unsealable, F_GET_SEALS));
    SHOW(fcntl(unsealable, F_ADD_SEALS, F_SEAL_GROW));
    int pipes[2];
    SHOW(pipe(pipes));
    SHOW(fcntl(pipes[0], F_GET_SEALS));
    int file = open("file", O_CREAT | O_RDWR, 0644);
    SHOW(ftruncate(file, 10));
}
