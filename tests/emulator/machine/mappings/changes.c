// Maps and unmaps in all ways there are, in itself, in a child, and in another program.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

static char *area(int pages) {
    return mmap(0, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(int argc, char **argv) {
    if (argc > 1) {
        area(3);
        return 7;
    }
    char *a = area(8);
    munmap(a + 2 * PAGE, 2 * PAGE);
    mprotect(a + 5 * PAGE, PAGE, PROT_READ);
    mprotect(a + 5 * PAGE, PAGE, RW);
    mmap(a, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    char *s = mmap(0, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    mremap(s, 4 * PAGE, 2 * PAGE, 0);
    char *b = area(1);
    mremap(b, PAGE, 5 * PAGE, MREMAP_MAYMOVE);
    char *heap = sbrk(0);
    sbrk(10 * PAGE);
    sbrk(-4 * PAGE);
    madvise(a, PAGE, MADV_DONTFORK);
    pid_t child = fork();
    if (child == 0) {
        munmap(s, 2 * PAGE);
        area(2);
        execl("/proc/self/exe", argv[0], "again", (char *)0);
        return 1;
    }
    int status = 0;
    waitpid(child, &status, 0);
    s[0] = 'x';
    printf("%d %d\n", WEXITSTATUS(status), heap != 0);
    return 0;
}
