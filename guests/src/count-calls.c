/* count-calls: control flow of every kind, without libc: nested and recursive calls, calls through a
   table, a computed goto, a switch, loops that leave early, branches forward and backward. */
#include "bare.h"

#define SEPARATE __attribute__((noinline, noclone))

static SEPARATE unsigned long ackermann(unsigned long m, unsigned long n) {
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static SEPARATE int is_odd(unsigned n);
static SEPARATE int is_even(unsigned n) { return n == 0 || is_odd(n - 1) > 0; }
static SEPARATE int is_odd(unsigned n) { return n != 0 && is_even(n - 1) > 0; }

static SEPARATE long add(long a, long b) { return a + b; }
static SEPARATE long subtract(long a, long b) { return a - b; }
static SEPARATE long multiply(long a, long b) { return a * b; }
static SEPARATE long larger(long a, long b) { return a > b ? a : b; }

static long (*const table[])(long, long) = {add, subtract, multiply, larger};

static SEPARATE long through_table(int rounds) {
    long value = 1;
    for (int i = 0; i < rounds; i++)
        value = table[i & 3](value, i % 7) & 0xffff;
    return value;
}

/* A machine of four states; each goes on at an address computed from the data. */
static SEPARATE long through_labels(unsigned seed, int rounds) {
    static const void *const states[] = {&&even, &&odd, &&third, &&quarter};
    long visits = 0;
next:
    if (rounds-- == 0)
        return visits;
    seed = seed * 1103515245 + 12345;
    goto *states[seed >> 16 & 3];
even:
    visits += 1;
    goto next;
odd:
    visits += 10;
    goto next;
third:
    visits += 100;
    if (visits % 3)
        goto odd;
    goto next;
quarter:
    visits += 1000;
    goto next;
}

/* Eight cases that differ enough for the compiler to jump through a table. */
static SEPARATE long mixed(long value, int how) {
    switch (how) {
    case 0: return value + 17;
    case 1: return value * 3;
    case 2: return value ^ 99;
    case 3: return value - 3;
    case 4: return value >> 1;
    case 5: return value | 1;
    case 6: return -value;
    case 7: return value & 0xfff;
    default: return value;
    }
}

static SEPARATE long early_exits(int size) {
    long found = 0;
    for (int i = 1; i < size; i++) {
        int j = 2;
        while (j * j <= i) {
            if (i % j == 0)
                break;
            j++;
        }
        if (j * j <= i)
            continue;
        found = mixed(found, i % 10);
    }
    return found;
}

static void report(const char *name, long value) {
    print(name);
    print(" ");
    print_number(value);
    print("\n");
}

int main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    report("ackermann", (long)ackermann(2, 9));
    report("even", is_even(200));
    report("table", through_table(500));
    report("labels", through_labels(42, 500));
    report("exits", early_exits(300));
    return 0;
}
