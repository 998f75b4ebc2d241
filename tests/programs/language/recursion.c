// Deep and mutual recursion: Ackermann, Hanoi, a stack of several megabytes.
#include <stdio.h>

static int ackermann(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }
static long moves;
static void hanoi(int n, int a, int b, int c) {
    if (n == 0) return;
    hanoi(n - 1, a, c, b);
    moves += a * b;
    hanoi(n - 1, c, b, a);
}
static int odd(volatile int *n);
static int even(volatile int *n) { return *n == 0 ? 1 : ((*n)--, odd(n)); }
static int odd(volatile int *n) { return *n == 0 ? 0 : ((*n)--, even(n)); }
__attribute__((noinline)) static long deep(long n) {
    volatile long here[8];
    here[n % 8] = n;
    return n == 0 ? 0 : deep(n - 1) + here[n % 8];
}

int main(void) {
    volatile int n = 1001;
    printf("%d\n", ackermann(2, 300));
    hanoi(12, 1, 2, 3);
    printf("%ld\n", moves);
    printf("%d\n", even(&n));
    printf("%ld\n", deep(50000));
}
