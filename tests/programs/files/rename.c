// rename over what is there, across kinds, and the flags of renameat2.
#include "../show.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void file(const char *name, const char *text) {
    int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644);
    write(fd, text, strlen(text));
    close(fd);
}
static void content(const char *name) {
    char text[32] = {0};
    int fd = open(name, O_RDONLY);
    if (fd < 0) {
        printf("%s: none\n", name);
        return;
    }
    read(fd, text, 31);
    close(fd);
    printf("%s: %s\n", name, text);
}

int main(void) {
    file("a", "one"), file("b", "two");
    SHOW(rename("a", "b"));
    content("a"), content("b");
    SHOW(rename("missing", "x"));
    SHOW(rename("b", "no/x"));
    mkdir("d", 0755), mkdir("e", 0755), mkdir("full", 0755);
    file("full/f", "f");
    SHOW(rename("b", "d"));
    SHOW(rename("d", "b"));
    SHOW(rename("d", "e"));
    SHOW(rename("e", "full"));
    SHOW(rename("full", "full/below"));
    SHOW(rename("b", "full/f"));
    content("full/f");
    file("p", "p"), file("q", "q");
    SHOW(renameat2(AT_FDCWD, "p", AT_FDCWD, "q", RENAME_NOREPLACE));
    content("p"), content("q");
    SHOW(renameat2(AT_FDCWD, "p", AT_FDCWD, "r", RENAME_NOREPLACE));
    content("r");
    SHOW(renameat2(AT_FDCWD, "r", AT_FDCWD, "q", RENAME_NOREPLACE | RENAME_EXCHANGE));
    link("q", "q2");
    SHOW(rename("q", "q2"));
    content("q"), content("q2");
    SHOW(rename(".", "dot"));
    SHOW(rename("q", "q"));
    SHOW(rename("", "q"));
}
