// qsort of several sizes of elements, stability of none assumed, qsort_r, bsearch, lfind.
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct big {
    char pad[100];
    int key;
};
static int by_int(const void *a, const void *b) { return (*(int *)a > *(int *)b) - (*(int *)a < *(int *)b); }
static int by_char(const void *a, const void *b) { return *(char *)a - *(char *)b; }
static int by_key(const void *a, const void *b) { return by_int(&((struct big *)a)->key, &((struct big *)b)->key); }
static int reversed(const void *a, const void *b, void *calls) {
    ++*(int *)calls;
    return by_int(b, a);
}

int main(void) {
    int v[1000], bad = 0, calls = 0;
    unsigned seed = 7;
    for (int i = 0; i < 1000; i++) v[i] = (seed = seed * 1664525 + 1013904223) >> 20;
    qsort(v, 1000, sizeof *v, by_int);
    for (int i = 1; i < 1000; i++) bad += v[i - 1] > v[i];
    printf("%d %d %d %d\n", bad, v[0], v[500], v[999]);
    qsort_r(v, 1000, sizeof *v, reversed, &calls);
    for (int i = 1; i < 1000; i++) bad += v[i - 1] < v[i];
    printf("%d %d\n", bad, calls > 1000);
    char s[] = "sortthesecharacters";
    qsort(s, strlen(s), 1, by_char);
    puts(s);
    static struct big b[200];
    for (int i = 0; i < 200; i++) b[i].key = (i * 7919) % 200, sprintf(b[i].pad, "%d", b[i].key);
    qsort(b, 200, sizeof *b, by_key);
    for (int i = 0; i < 200; i++) bad += b[i].key != i || atoi(b[i].pad) != i;
    printf("%d\n", bad);
    qsort(v, 1000, sizeof *v, by_int);
    int key = v[123], none = -5;
    printf("%d %d\n", *(int *)bsearch(&key, v, 1000, sizeof *v, by_int) == key, bsearch(&none, v, 1000, sizeof *v, by_int) == NULL);
    size_t n = 3;
    int list[5] = {3, 1, 2};
    printf("%d\n", *(int *)lfind(&list[2], list, &n, sizeof *list, by_int));
}
