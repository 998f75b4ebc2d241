// regcomp, regexec, fnmatch, glob, wordexp without commands.
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    regex_t r;
    regmatch_t m[4];
    printf("%d\n", regcomp(&r, "([a-z]+)-([0-9]{2,4})(x|y)?$", REG_EXTENDED));
    const char *v[] = {"abc-123", "--q-99y", "ABC-12", "a-1", "a-12345", "x-2024x"};
    for (int i = 0; i < 6; i++) {
        int e = regexec(&r, v[i], 4, m, 0);
        printf("%s %d", v[i], e);
        if (!e) for (int j = 0; j < 4; j++) printf(" %d-%d", m[j].rm_so, m[j].rm_eo);
        puts("");
    }
    regfree(&r);
    char text[64];
    int e = regcomp(&r, "(", REG_EXTENDED);
    regerror(e, &r, text, sizeof text);
    puts(text);
    printf("%d %d %d\n", fnmatch("*.[ch]", "a.c", 0), fnmatch("a?c/*", "abc/d/e", FNM_PATHNAME), fnmatch(".*", ".x", FNM_PERIOD));
    const char *names[] = {"b.txt", "a.txt", ".h.txt", "c.dat"};
    for (int i = 0; i < 4; i++) close(open(names[i], O_CREAT | O_WRONLY, 0644));
    glob_t g;
    printf("%d", glob("*.txt", 0, NULL, &g));
    for (size_t i = 0; i < g.gl_pathc; i++) printf(" %s", g.gl_pathv[i]);
    printf(" %d\n", glob("none*", 0, NULL, &g) == GLOB_NOMATCH);
}
