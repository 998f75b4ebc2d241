// flags: -pthread
// Lines written by several threads to one stream stay whole.
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static FILE *f;
static void *work(void *p) {
    for (int i = 0; i < 200; i++) fprintf(f, "%s %d %s\n", (char *)p, i, (char *)p);
    return p;
}

int main(void) {
    f = fopen("log", "w+");
    setvbuf(f, NULL, _IOFBF, 100);
    pthread_t t[3];
    const char *names[] = {"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"};
    for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, work, (void *)names[i]);
    for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
    rewind(f);
    char line[100], first[20], last[20];
    int next[3] = {0}, bad = 0, n, lines = 0;
    while (fgets(line, sizeof line, f)) {
        lines++;
        if (sscanf(line, "%19s %d %19s", first, &n, last) != 3 || strcmp(first, last) || next[first[0] - 'a']++ != n) bad++;
    }
    printf("%d lines, %d bad\n", lines, bad);
}
