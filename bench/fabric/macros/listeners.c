// 256 distinct listeners in a shared object of their own, as a plugin's would be.
#include <stdint.h>

#define SLOTS 64

#define LISTENER(k)                                                            \
    static int32_t cells_##k[SLOTS];                                           \
    static void listener_##k(int32_t value)                                    \
    {                                                                          \
        cells_##k[value & (SLOTS - 1)] += value;                               \
    }

#define TIMES_4(m, k) m(k##0) m(k##1) m(k##2) m(k##3)
#define TIMES_16(m, k) TIMES_4(m, k##0) TIMES_4(m, k##1) TIMES_4(m, k##2) TIMES_4(m, k##3)
#define TIMES_64(m, k) TIMES_16(m, k##0) TIMES_16(m, k##1) TIMES_16(m, k##2) TIMES_16(m, k##3)
#define TIMES_256(m) TIMES_64(m, _0) TIMES_64(m, _1) TIMES_64(m, _2) TIMES_64(m, _3)

TIMES_256(LISTENER)

#define POINTER(k) listener_##k,
#define CELLS(k) cells_##k,

void (*const listeners[])(int32_t) = {TIMES_256(POINTER)};
int32_t *const cells[] = {TIMES_256(CELLS)};
