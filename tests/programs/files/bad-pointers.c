// A system call that is given a bad address answers EFAULT.
// witness: native, because QEMU 7.2 takes nanosleep without a time, and looks at the buffer of readlinkat before the file
#include "../show.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    SHOW(write(fd, "0123456789", 10));
    SHOW(pread(fd, (void *)64, 5, 0));
    SHOW(write(fd, (void *)64, 5));
    SHOW(syscall(SYS_openat, AT_FDCWD, (void *)64, O_RDONLY));
    SHOW(syscall(SYS_openat, AT_FDCWD, -1L, O_RDONLY));
    memset(page, 'a', 4096);
    SHOW(syscall(SYS_openat, AT_FDCWD, page + 4090, O_RDONLY));
    SHOW(syscall(SYS_uname, (void *)64));
    SHOW(syscall(SYS_clock_gettime, CLOCK_REALTIME, (void *)64));
    SHOW(syscall(SYS_nanosleep, (void *)64, NULL));
    SHOW(syscall(SYS_pipe2, (void *)64, 0));
    SHOW(syscall(SYS_getcwd, (void *)64, 100));
    SHOW(syscall(SYS_readlinkat, AT_FDCWD, "f", (void *)64, 10));
    SHOW(syscall(SYS_rt_sigaction, 10, (void *)64, NULL, 8));
    SHOW(syscall(SYS_rt_sigprocmask, 0, (void *)64, NULL, 8));
    SHOW(syscall(SYS_getdents64, open(".", O_RDONLY), (void *)64, 1000));
    mprotect(page, 4096, PROT_READ);
    SHOW(pread(fd, page, 5, 0));
    SHOW(syscall(SYS_fstat, fd, page));
}
