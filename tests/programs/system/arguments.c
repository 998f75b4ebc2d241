// args: one -two=2 *
// argc, argv, and the end of it.
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv, char **envp) {
    printf("%d\n", argc);
    for (int i = 1; i < argc; i++) puts(argv[i]);
    printf("%d\n", argv[argc] == NULL);
    extern char *program_invocation_short_name;
    puts(program_invocation_short_name);
    for (; *envp; envp++)
        if (strncmp(*envp, "LANG=", 5) == 0) puts(*envp);
}
