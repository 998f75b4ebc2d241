// Buffering modes, ungetc, seeking in streams, r+ and a+, fmemopen and open_memstream.
#include "../show.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static long size(const char *name) {
    struct stat s;
    return stat(name, &s) ? -1 : s.st_size;
}

int main(void) {
    FILE *f = fopen("f", "w+");
    setvbuf(f, NULL, _IOFBF, 64);
    fputs("0123456789", f);
    SHOW(size("f"));
    for (int i = 0; i < 6; i++) fputs("abcdefghij", f);
    SHOW(size("f") > 0);
    fflush(f);
    SHOW(size("f"));
    setvbuf(f, NULL, _IOLBF, 64);
    fputs("x", f);
    SHOW(size("f"));
    fputs("\n", f);
    SHOW(size("f"));
    SHOW(fseek(f, 5, SEEK_SET));
    printf("%c%c", fgetc(f), fgetc(f));
    ungetc('!', f);
    printf("%c %ld\n", fgetc(f), ftell(f));
    SHOW(fseek(f, -3, SEEK_END));
    printf("%c\n", fgetc(f));
    fputc('Z', (fseek(f, 0, SEEK_CUR), f));
    rewind(f);
    char line[100], *r = fgets(line, sizeof line, f);
    printf("%s", r);
    IS(fgetc(f) == EOF && feof(f));
    fclose(f);
    f = fopen("f", "a+");
    fputs("tail", f);
    rewind(f);
    printf("%c\n", fgetc(f));
    fclose(f);
    f = fopen("f", "r");
    IS(fputs("no", f) == EOF || fflush(f) == EOF);
    IS(ferror(f) != 0);
    fclose(f);
    IS(fopen("f", "wx") == NULL && errno == EEXIST);
    IS(fopen("f", "q") == NULL && errno == EINVAL);
    char *p;
    size_t n;
    f = open_memstream(&p, &n);
    fprintf(f, "%d %s", 42, "in memory");
    fclose(f);
    printf("%zu %s\n", n, p);
    f = fmemopen(p, n, "r");
    int v;
    printf("%d %d\n", fscanf(f, "%d", &v), v);
    fclose(f);
    f = fdopen(dup(1), "w");
    fprintf(f, "by another stream\n");
    fclose(f);
    f = freopen("g", "w", stdout);
    printf("into g\n");
    fclose(stdout);
    fprintf(stderr, "%ld\n", size("g"));
}
