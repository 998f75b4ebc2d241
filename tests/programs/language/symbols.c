// Weak symbols, aliases, constructors in order of priority, sections with start and end, IFUNC.
#include <stdio.h>

extern int missing(void) __attribute__((weak));
extern int missing_data __attribute__((weak));
__attribute__((weak)) int overridable(void) { return 1; }
static int real(void) { return 42; }
int alias(void) __attribute__((alias("real_name")));
int real_name(void) { return 7; }
static int (*resolve(void))(void) { return real; }
int chosen(void) __attribute__((ifunc("resolve")));
#define ENTRY(n) static int entry_##n __attribute__((section("entries"), used)) = n
ENTRY(3);
ENTRY(1);
ENTRY(4);
extern int __start_entries[], __stop_entries[];
static int order[4], count;
__attribute__((constructor(201))) static void later(void) { order[count++] = 201; }
__attribute__((constructor(101))) static void sooner(void) { order[count++] = 101; }
__attribute__((constructor)) static void last(void) { order[count++] = 1; }
__attribute__((destructor)) static void goodbye(void) { puts("destructor"); }

int main(void) {
    printf("%d %d %d\n", missing == NULL, &missing_data == NULL, overridable());
    printf("%d %d\n", alias(), chosen());
    int sum = 0;
    for (int *p = __start_entries; p < __stop_entries; p++) sum += *p;
    printf("%d %d\n", sum, (int)(__stop_entries - __start_entries));
    printf("%d %d %d\n", order[0], order[1], order[2]);
}
