// Variable arguments: more than registers, doubles among integers, structures, va_copy, floats in pairs.
#include <stdarg.h>
#include <stdio.h>

struct pair {
    long a, b;
};
struct large {
    int v[10];
};
static void mixed(const char *types, ...) {
    va_list list, again;
    va_start(list, types);
    va_copy(again, list);
    for (const char *t = types; *t; t++) switch (*t) {
            case 'i': printf("%d ", va_arg(list, int)); break;
            case 'l': printf("%ld ", va_arg(list, long)); break;
            case 'd': printf("%g ", va_arg(list, double)); break;
            case 's': printf("%s ", va_arg(list, char *)); break;
            case 'L': printf("%Lg ", va_arg(list, long double)); break;
            case 'p': {
                struct pair p = va_arg(list, struct pair);
                printf("{%ld %ld} ", p.a, p.b);
                break;
            }
            case 'b': printf("[%d] ", va_arg(list, struct large).v[9]); break;
        }
    printf("| %d\n", va_arg(again, int));
    va_end(again);
    va_end(list);
}
static int vsum(int n, va_list list) {
    int s = 0;
    while (n--) s += va_arg(list, int);
    return s;
}
static int sum(int n, ...) {
    va_list list;
    va_start(list, n);
    int s = vsum(n, list);
    va_end(list);
    return s;
}

int main(void) {
    struct pair p = {5, 6};
    struct large b = {.v[9] = 99};
    mixed("idlsidlsid", 1, 2.5, 3L, "four", 5, 6.5, 7L, "eight", 9, 10.5);
    mixed("ipLidp", 1, p, 1.25L, 2, 3.5, p);
    mixed("iiiiiiiLb", 1, 2, 3, 4, 5, 6, 7, 8.5L, b);
    mixed("ib", 7, b);
    printf("%d %d\n", sum(0), sum(12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
}
