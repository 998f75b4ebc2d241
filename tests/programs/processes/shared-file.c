// A file mapped shared before a fork is shared after it; a private one is not.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    ftruncate(fd, 4096);
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *private = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    strcpy(private, "parent");
    if (fork() == 0) {
        strcpy(shared, "child was here");
        strcpy(private, "child");
        _exit(0);
    }
    wait(NULL);
    printf("%s / %s\n", shared, private);
    char text[20] = {0};
    pread(fd, text, 14, 0);
    puts(text);
}
