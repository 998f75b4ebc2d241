// stdin: first\nsecond is longer\n\nno newline
// getline, getdelim and a stream read to its end.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    char *line = NULL;
    size_t room = 0;
    ssize_t n = getdelim(&line, &room, 's', stdin);
    printf("%zd [%s]\n", n, line);
    while ((n = getline(&line, &room, stdin)) != -1) printf("%zd [%.*s]%d\n", n, (int)strcspn(line, "\n"), line, line[n - 1] == '\n');
    printf("%d\n", feof(stdin) != 0);
}
