// Private and shared mappings of a file: who sees which write.
#include "../show.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    char text[9] = {0};
    write(fd, "abcdefgh", 8);
    char *priv = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    printf("%s %s\n", priv, shared);
    priv[0] = 'P';
    shared[1] = 'S';
    SHOW(msync(shared, 4096, MS_SYNC));
    SHOW(pread(fd, text, 8, 0));
    puts(text);
    printf("%.8s\n", shared);
    SHOW(pwrite(fd, "Z", 1, 2));
    printf("%c\n", shared[2]);
    shared[100] = 1;
    SHOW(lseek(fd, 0, SEEK_END));
    SHOW(munmap(shared, 4096));
    SHOW(pread(fd, text, 8, 0));
    puts(text);
    int ro = open("f", O_RDONLY);
    IS(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED && errno == EACCES);
    IS(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, ro, 0) != MAP_FAILED);
    IS(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 100) == MAP_FAILED && errno == EINVAL);
    int wo = open("f", O_WRONLY);
    IS(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, wo, 0) == MAP_FAILED && errno == EACCES);
    close(fd);
    printf("%c\n", priv[0]);
    SHOW(msync((void *)(priv + 4096 * 1000), 4096, MS_SYNC) == 0 || errno == ENOMEM);
    SHOW(msync(priv + 1, 4096, MS_SYNC));
}
