// link: dynamic
// flags: -Wl,-z,now -Wl,-z,relro -lm
// Everything bound at the start, and read-only from then on.
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static int target;
static int *const relocated = &target;
static sigjmp_buf back;
static void handler(int sig) { siglongjmp(back, 1); }

int main(void) {
    printf("%g\n", cbrt(27));
    signal(SIGSEGV, handler);
    if (sigsetjmp(back, 1) == 0) {
        *(int *volatile *)&relocated = NULL;
        puts("written");
    } else {
        puts("read-only");
    }
}
