// Anonymous memory is zero, holes in it can be unmapped, and hints are only hints.
// witness: native, because QEMU 7.2 takes MAP_FIXED_NOREPLACE for MAP_FIXED
#include "../show.h"
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    char *p = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long sum = 0;
    for (int i = 0; i < 5 * 4096; i++) sum += p[i];
    printf("sum %ld\n", sum);
    memset(p, 7, 5 * 4096);
    SHOW(munmap(p + 4096, 4096));
    SHOW(munmap(p + 4096, 4096));
    printf("%d %d\n", p[0], p[2 * 4096]);
    IS(mmap(p + 4096, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + 4096);
    printf("%d\n", p[4096]);
    IS(mmap(p, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED && errno == EEXIST);
    IS(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
    IS(mmap(NULL, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
    IS(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED && errno == EBADF);
    IS(mmap((void *)1, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED && errno == EINVAL);
    SHOW(munmap(p + 1, 4096));
    SHOW(munmap(p, 0));
    SHOW(munmap(p, 5 * 4096));
}
