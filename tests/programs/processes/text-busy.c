// witness: native, because QEMU cannot execute programs of another machine than the host
// A program that is executed cannot be written, and one that is being written cannot be executed.
#include "../show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int copy(const char *from, const char *to) {
    static char bytes[1 << 16];
    int in = open(from, O_RDONLY), out = open(to, O_CREAT | O_WRONLY | O_TRUNC, 0755);
    for (long count; (count = read(in, bytes, sizeof bytes)) > 0;) write(out, bytes, count);
    close(in);
    return out;
}

static int run(const char *path) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        execl(path, path, "child", (char *)0);
        printf("execl: %s\n", strerrorname_np(errno));
        _exit(9);
    }
    wait(&status);
    return WEXITSTATUS(status);
}

int main(int argc, char **argv) {
    setvbuf(stdout, 0, _IONBF, 0);
    if (argc > 1) {
        // The file that this process executes.
        SHOW(open("copy", O_WRONLY));
        SHOW(open("copy", O_RDWR | O_APPEND));
        SHOW(open("copy", O_RDONLY | O_TRUNC));
        SHOW(truncate("copy", 0));
        SHOW(chmod("copy", 0755));
        SHOW(access("copy", W_OK));
        SHOW(open("copy", O_RDONLY) >= 0);
        SHOW(rename("copy", "moved"));
        SHOW(open("moved", O_WRONLY));
        SHOW(link("moved", "copy"));
        SHOW(unlink("moved"));
        return 3;
    }
    int out = copy("/proc/self/exe", "copy");
    SHOW(run("./copy"));
    close(out);
    SHOW(run("./copy"));
    out = open("copy", O_WRONLY);
    IS(out >= 0);
    close(out);
    out = open("script", O_CREAT | O_WRONLY, 0755);
    write(out, "#!./copy child\n", 15);
    SHOW(run("./script"));
    close(out);
    SHOW(run("./script"));
    SHOW(unlink("copy"));
    SHOW(unlink("script"));
    (void)argv;
    return 0;
}
