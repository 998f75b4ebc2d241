// Leaving handlers by siglongjmp again and again, with and without the mask.
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf back;
static int save;
static void handler(int sig) { siglongjmp(back, sig); }

int main(void) {
    signal(SIGUSR1, handler);
    sigset_t now;
    volatile int count = 0;
    if (sigsetjmp(back, 1) == 0 || count < 100) {
        count++;
        if (count <= 100) raise(SIGUSR1);
    }
    printf("%d\n", count);
    sigprocmask(SIG_BLOCK, NULL, &now);
    printf("blocked %d\n", sigismember(&now, SIGUSR1));
    if (sigsetjmp(back, 0) == 0) raise(SIGUSR1);
    sigprocmask(SIG_BLOCK, NULL, &now);
    printf("blocked %d\n", sigismember(&now, SIGUSR1));
}
