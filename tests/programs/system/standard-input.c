// stdin: first line\nsecond 42 line\n\nlast without end
// Reading standard input by lines, words, characters and to its end.
#include <stdio.h>
#include <unistd.h>

int main(void) {
    char line[64];
    printf("[%s]", fgets(line, sizeof line, stdin));
    int n = 0;
    int got = scanf("%63s %d", line, &n);
    printf("%d %s %d\n", got, line, n);
    int c;
    while ((c = getchar()) != EOF) putchar(c == '\n' ? '|' : c);
    printf("\n%d %d\n", feof(stdin) != 0, ferror(stdin));
    printf("%d\n", getchar());
    printf("%ld\n", (long)read(0, line, 10));
}
