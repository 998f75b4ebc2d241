// %s with precision, long output, snprintf's result, asprintf, and what does not fit.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

int main(void) {
    printf("[%s] [%10s] [%-10s] [%.2s] [%8.3s] [%.*s] [%.0s]\n", "hello", "hello", "hello", "hello", "hello", 4, "hello", "hello");
    printf("[%s] [%.3s]\n", (char *)NULL, (char *)NULL);
    printf("[%ls] [%lc] [%S]\n", L"wide", L'w', L"too");
    char b[8];
    for (int n = 0; n <= 8; n += 2) {
        memset(b, '#', 8);
        int r = snprintf(b, n, "%d-%s", 123, "abcdef");
        printf("%d %d [%.8s]\n", n, r, n ? b : "");
    }
    char *p;
    int r = asprintf(&p, "%*s%5000d", 3000, "x", 7);
    printf("%d %zu %c\n", r, strlen(p), p[7999]);
    free(p);
    char no_end[3] = {'a', 'b', 'c'};
    printf("[%.3s]\n", no_end);
    printf("%m %d\n", sprintf(b, "%s", ""));
    printf("%d\n", snprintf(NULL, 0, "%s", "count me"));
}
