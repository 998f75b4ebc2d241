// The default action of every ordinary signal, in children.
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    freopen("/dev/null", "w", stderr);
    for (int sig = 1; sig < 32; sig++) {
        pid_t pid = fork();
        if (pid == 0) {
            // Those of a terminal stop nothing in an orphaned process group (setpgid(2)).
            setpgid(0, 0);
            raise(sig);
            _exit(0);
        }
        int status;
        waitpid(pid, &status, WUNTRACED);
        printf("%d: %s\n", sig, WIFSIGNALED(status) ? "ends" : WIFSTOPPED(status) ? "stops" : "nothing");
        if (WIFSTOPPED(status)) kill(pid, SIGKILL), waitpid(pid, &status, 0);
    }
}
