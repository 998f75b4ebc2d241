// Reading a mapping past the end of its file is SIGBUS; within the last page it is zeros.
#include "../show.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;
static void handler(int sig) { siglongjmp(back, sig); }

int main(void) {
    signal(SIGBUS, handler);
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    write(fd, "abc", 3);
    char *p = mmap(NULL, 3 * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
    printf("%c %d %d\n", p[2], p[3], p[4095]);
    int sig = sigsetjmp(back, 1);
    if (sig == 0) printf("%d\n", ((volatile char *)p)[4096]);
    else printf("%s\n", strsignal(sig));
}
