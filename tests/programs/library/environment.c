// setenv, unsetenv, putenv, clearenv and environ.
#include "../show.h"
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

int main(void) {
    puts(getenv("LANG"));
    SHOW(setenv("NEW", "1", 0));
    SHOW(setenv("NEW", "2", 0));
    puts(getenv("NEW"));
    SHOW(setenv("NEW", "3", 1));
    puts(getenv("NEW"));
    static char entry[] = "PUT=first";
    SHOW(putenv(entry));
    strcpy(entry + 4, "other");
    puts(getenv("PUT"));
    SHOW(unsetenv("NEW"));
    IS(getenv("NEW") == NULL);
    SHOW(setenv("A=B", "x", 1));
    SHOW(setenv("", "x", 1));
    SHOW(unsetenv("A="));
    int n = 0;
    for (char **e = environ; *e; e++) n++;
    printf("%d\n", n);
    SHOW(clearenv());
    IS(getenv("LANG") == NULL);
    for (int i = 0; i < 50; i++) {
        char name[10];
        sprintf(name, "V%d", i);
        setenv(name, name, 1);
    }
    for (n = 0; environ[n];) n++;
    printf("%d %s\n", n, getenv("V33"));
}
