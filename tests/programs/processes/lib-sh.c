// A shell for the guest's /bin/sh: `sh -c TEXT` or `sh FILE [ARGS]`, with echo, read, exit, variables, and programs by path.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int status;

static const char *value(const char *name, int argc, char **argv) {
    if (strcmp(name, "$?") == 0) {
        static char number[8];
        sprintf(number, "%d", status);
        return number;
    }
    if (name[1] >= '0' && name[1] <= '9') return atoi(name + 1) < argc ? argv[atoi(name + 1)] : "";
    const char *v = getenv(name + 1);
    return v ? v : "";
}

static void command(char *text, int argc, char **argv) {
    char *words[20] = {0};
    int n = 0;
    for (char *word = strtok(text, " \t"); word && n < 19; word = strtok(NULL, " \t")) words[n++] = *word == '$' ? (char *)value(word, argc, argv) : word;
    if (n == 0) return;
    if (strcmp(words[0], "echo") == 0) {
        for (int i = 1; i < n; i++) printf("%s%s", words[i], i + 1 < n ? " " : "");
        puts("");
        fflush(stdout);
        status = 0;
    } else if (strcmp(words[0], "exit") == 0) {
        exit(n > 1 ? atoi(words[1]) : status);
    } else if (strcmp(words[0], "read") == 0) {
        char line[256];
        status = fgets(line, sizeof line, stdin) == NULL;
        line[strcspn(line, "\n")] = 0;
        setenv(words[1], line, 1);
    } else {
        pid_t pid = fork();
        if (pid == 0) {
            execv(words[0], words);
            dprintf(2, "sh: %s: not found\n", words[0]);
            _exit(127);
        }
        int s;
        waitpid(pid, &s, 0);
        status = WIFEXITED(s) ? WEXITSTATUS(s) : 128 + WTERMSIG(s);
    }
}

int main(int argc, char **argv) {
    static char text[4096];
    int script = argc > 1 && strcmp(argv[1], "-c") == 0 ? 0 : 1;
    if (script) {
        int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
        if (fd < 0 || read(fd, text, sizeof text - 1) < 0) return 127;
    } else {
        strncpy(text, argv[argc > 3 && strcmp(argv[2], "--") == 0 ? 3 : 2], sizeof text - 1);
    }
    for (char *line = text, *next; line; line = next) {
        next = strpbrk(line, ";\n");
        if (next) *next++ = 0;
        if (*line != '#') command(line, argc - script, argv + script);
    }
    return status;
}
