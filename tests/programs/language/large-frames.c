// Frames larger than any immediate, touched from both ends.
#include <stdio.h>
#include <string.h>

__attribute__((noinline)) static long big(int n) {
    volatile char frame[300000];
    frame[0] = n, frame[299999] = n + 1, frame[150000 + n] = 3;
    long below = n > 0 ? big(n - 1) : 0;
    return below + frame[0] + frame[299999] + frame[150000 + n];
}

int main(void) {
    printf("%ld\n", big(15));
    volatile char all[2000000];
    memset((void *)all, 1, sizeof all);
    long sum = 0;
    for (unsigned i = 0; i < sizeof all; i += 1001) sum += all[i];
    printf("%ld\n", sum);
}
