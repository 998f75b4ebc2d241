// A little interpreter by addresses of labels, and one by a dense switch.
#include <stdio.h>

static long threaded(const unsigned char *code, long n) {
    static const void *const labels[] = {&&add, &&multiply, &&decrement, &&loop, &&halt};
    long acc = 1;
    const unsigned char *pc = code;
    goto *labels[*pc++];
add:
    acc += n;
    goto *labels[*pc++];
multiply:
    acc = acc * 3 & 0xffffff;
    goto *labels[*pc++];
decrement:
    n--;
    goto *labels[*pc++];
loop:
    if (n > 0) pc = code;
    goto *labels[*pc++];
halt:
    return acc;
}
static int switched(int n) {
    switch (n) {
        case 0: return 5;
        case 1: return 8;
        case 2: return 13;
        case 3 ... 6: return 21 + n;
        case 7: n += 100; __attribute__((fallthrough));
        case 8: return n * 2;
        case -1000000: return 1;
        default: return -1;
    }
}

int main(void) {
    const unsigned char code[] = {0, 1, 2, 3, 4};
    printf("%ld\n", threaded(code, 10000));
    for (int i = -1; i < 11; i++) printf("%d ", switched(i));
    printf("%d\n", switched(-1000000));
}
