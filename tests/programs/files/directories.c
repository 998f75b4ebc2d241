// mkdir, rmdir, chdir, getcwd, and what they refuse.
#include "../show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void here(void) {
    char buffer[4096];
    char *cwd = getcwd(buffer, sizeof buffer);
    puts(cwd ? strstr(cwd, "/work") : "no cwd");
}

int main(void) {
    SHOW(mkdir("a", 0755));
    SHOW(mkdir("a", 0755));
    SHOW(mkdir("x/y", 0755));
    SHOW(mkdir("a/b", 0755));
    SHOW(rmdir("a"));
    here();
    SHOW(chdir("a/b"));
    here();
    SHOW(chdir(".."));
    here();
    SHOW(chdir("missing"));
    close(open("file", O_CREAT | O_WRONLY, 0644));
    SHOW(chdir("file"));
    SHOW(rmdir("file"));
    SHOW(mkdir("file/x", 0755));
    SHOW(rmdir("."));
    SHOW(rmdir("b/.."));
    int fd = open("b", O_RDONLY | O_DIRECTORY);
    SHOW(fchdir(fd));
    here();
    SHOW(fchdir(99));
    SHOW(mkdirat(fd, "c", 0755));
    SHOW(rmdir("c"));
    SHOW(unlinkat(fd, "c", AT_REMOVEDIR));
    SHOW(chdir("/") == 0 || errno == EACCES);
    char small[2];
    SHOW(chdir("..") == 0 || errno == EACCES);
    SHOW(fchdir(fd));
    IS(getcwd(small, sizeof small) == NULL && errno == ERANGE);
    SHOW(syscall(SYS_getcwd, NULL, 100));
    char *own = getcwd(NULL, 0);
    IS(own != NULL && own[0] == '/');
    free(own);
    SHOW(mkdir("", 0755));
    SHOW(rmdir(""));
    SHOW(rmdir("missing"));
}
