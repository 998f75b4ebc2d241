// witness: native, because QEMU 7.2 leaves execve to the host
// system: through the guest's shell; exit codes, signals ignored meanwhile, a command that there is not.
#include "../show.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    IS(system(NULL) != 0);
    int status = system("echo from the shell; exit 3");
    printf("%d\n", WEXITSTATUS(status));
    status = system("exit 0");
    printf("%d\n", status);
    setenv("VARIABLE", "inherited", 1);
    status = system("echo $VARIABLE");
    printf("%d\n", status);
    struct sigaction sa;
    sigaction(SIGINT, NULL, &sa);
    IS(sa.sa_handler == SIG_DFL);
}
