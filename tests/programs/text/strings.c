// The functions of string.h, at all alignments and around page ends.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(page + 4096, 4096, PROT_NONE);
    char *end = page + 4096;
    unsigned long sum = 0;
    for (int n = 1; n < 40; n++) {
        char *s = end - n;
        memset(s, 'a' + n % 26, n - 1);
        s[n - 1] = 0;
        char copy[64];
        sum = sum * 31 + strlen(s) + (strchr(s, 'z') ? 1 : 0) + (strrchr(s, 'c') ? 2 : 0) + strcmp(s, strcpy(copy, s));
        sum = sum * 31 + (memchr(s, 0, n) == s + n - 1) + strnlen(s, 10) + (memcmp(s, copy, n) == 0) + (rawmemchr(s, 0) == s + n - 1);
    }
    printf("%lx\n", sum);
    char text[] = "one, two;three  four";
    for (char *t = strtok(text, ",; "); t; t = strtok(NULL, ",; ")) printf("<%s>", t);
    char list[] = "a::b:", *p = list, *t;
    while ((t = strsep(&p, ":"))) printf("(%s)", t);
    puts("");
    printf("%s %s %s\n", strstr("haystack with needle in", "needle"), strpbrk("find x or y", "yx"), strcasestr("AbCdE", "cD"));
    printf("%zu %zu %d %d\n", strspn("aabbc", "ab"), strcspn("hello", "lo"), strcasecmp("HeLLo", "hEllO"), strncasecmp("abX", "aby", 2));
    printf("%d %d %d\n", strcmp("a", "b") < 0, strncmp("abc", "abd", 2), strverscmp("file10", "file9") > 0);
    char b[20] = "0123456789";
    memmove(b + 2, b, 8);
    printf("%s", b);
    memmove(b, b + 3, 7);
    printf(" %s %s\n", b, (char *)memmem("abcdef", 6, "cd", 2));
    char *d = strndup("duplicate", 4);
    printf("%s %s %s\n", d, stpcpy(b, "end") - 3, strncat(strcpy(b, "ab"), "cdef", 2));
    memset(b, '.', 20);
    strncpy(b, "xy", 5);
    printf("%d %c\n", b[4], b[5]);
    printf("%s %s\n", strerror(2), strsignal(11));
    puts(basename("/a/b/c.txt"));
}
