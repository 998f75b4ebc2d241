// witness: native, because QEMU 7.2 leaves execve to the host
// A script is executed by the interpreter that its first line names; one without such a line is ENOEXEC.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void script(const char *name, const char *text) {
    int fd = open(name, O_CREAT | O_WRONLY, 0755);
    write(fd, text, strlen(text));
    close(fd);
    chmod(name, 0755);
}
static int run(const char *name) {
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execl(name, "name", "first", "second", NULL);
        printf("%s\n", strerrorname_np(errno));
        fflush(stdout);
        _exit(126);
    }
    int status;
    waitpid(pid, &status, 0);
    return WEXITSTATUS(status);
}

int main(void) {
    script("plain", "#!/bin/sh\necho $0 $1 $2\nexit 7\n");
    script("none", "echo never\n");
    script("missing", "#!/no/such/interpreter\n");
    script("empty", "");
    SHOW(run("./plain"));
    SHOW(run("./none"));
    SHOW(run("./missing"));
    SHOW(run("./empty"));
    SHOW(run("./absent"));
    script("nested", "#!./plain\n");
    SHOW(run("./nested"));
}
