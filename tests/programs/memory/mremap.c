// mremap: growing, moving, shrinking; the contents come along.
// witness: native, because QEMU 7.2 lets mremap shrink to nothing
#include "../show.h"
#include <sys/mman.h>

int main(void) {
    char *p = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 4; i++) p[i * 4096] = '1' + i;
    IS(mremap(p, 4 * 4096, 2 * 4096, 0) == p);
    char *q = mremap(p, 2 * 4096, 64 * 4096, MREMAP_MAYMOVE);
    IS(q != MAP_FAILED);
    printf("%c %c %d\n", q[0], q[4096], q[63 * 4096]);
    char *target = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    target[0] = 'T';
    IS(mremap(q + 4096, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, target) == target);
    printf("%c\n", target[0]);
    IS(mremap(q + 1, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED && errno == EINVAL);
    IS(mremap(q, 4096, 0, MREMAP_MAYMOVE) == MAP_FAILED && errno == EINVAL);
    char *wall = mmap(NULL, 3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    IS(mremap(wall, 4096, 2 * 4096, 0) == MAP_FAILED && errno == ENOMEM);
    munmap(wall, 3 * 4096);
    IS(mremap(wall, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED && errno == EFAULT);
}
