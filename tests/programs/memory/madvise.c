// MADV_DONTNEED gives zeros back in private anonymous memory; other advice changes nothing.
#include "../show.h"
#include <sys/mman.h>

int main(void) {
    char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(p, 9, 3 * 4096);
    SHOW(madvise(p + 4096, 4096, MADV_DONTNEED));
    printf("%d %d %d\n", p[0], p[4096], p[8192]);
    SHOW(madvise(p, 3 * 4096, MADV_WILLNEED));
    SHOW(madvise(p, 3 * 4096, MADV_SEQUENTIAL));
    SHOW(madvise(p, 3 * 4096, MADV_NORMAL));
    printf("%d\n", p[0]);
    SHOW(madvise(p + 1, 4096, MADV_NORMAL));
    munmap(p + 4096, 4096);
}
