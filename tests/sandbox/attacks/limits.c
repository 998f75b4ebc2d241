// More of everything: each ends at a limit that says its name, or in an error that the guest gets.
#include "attack.h"
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

ATTACK(loop_for_ever, "stopped max-insns") {
    for (;;) asm volatile("");
}
ATTACK(loop_of_calls, "stopped max-insns") {
    for (;;) syscall(SYS_getppid);
}
ATTACK(sleep_for_ever, "stopped max-insns") {
    for (;;) sleep(1u << 30);
}
ATTACK(wait_for_nothing, "signal SIGKILL") {
    int p[2];
    pipe(p);
    char c;
    read(p[0], &c, 1);
}
ATTACK(memory_touched_until_full, "ENOMEM") {
    for (char *page; (page = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED;)
        for (int i = 0; i < 1 << 20; i += 4096) page[i] = 1;
    TELL_ERRNO();
}
ATTACK(output_until_full, "ended, --max-output") {
    static char block[1 << 16];
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("out/large", O_CREAT | O_WRONLY, 0644);
    while (write(fd, block, sizeof block) > 0) {}
}
ATTACK(output_in_one_place, "ended, --max-output") {
    // The file stays short, the host's disk still works.
    static char block[1 << 16];
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("out/short", O_CREAT | O_WRONLY, 0644);
    while (pwrite(fd, block, sizeof block, 0) > 0) {}
}
ATTACK(standard_output_until_full, "ended, --max-output") {
    static char block[1 << 16];
    memset(block, ' ', sizeof block);
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 100000 && write(1, block, sizeof block) > 0; i++) {}
}
ATTACK(sparse_giant, "EFBIG EFBIG EFBIG") {
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("out/sparse", O_CREAT | O_RDWR, 0644);
    TELL(ftruncate(fd, 1l << 42));
    TELL(pwrite(fd, "x", 1, 1l << 42));
    TELL(posix_fallocate(fd, 0, 1l << 42) ? (errno = EFBIG, -1) : 0);
}
ATTACK(files_without_end, "ENOSPC") {
    char name[64];
    for (int i = 0, fd = 0; fd >= 0; i++) {
        sprintf(name, "out/%d", i);
        fd = open(name, O_CREAT | O_WRONLY, 0644);
        if (fd >= 0) close(fd);
    }
    TELL_ERRNO();
}
ATTACK(folders_without_end, "ENOSPC") {
    while (mkdir("out/d", 0755) == 0 && chdir("out/d") == 0 && mkdir("out", 0755) == 0) {}
    TELL_ERRNO();
}
ATTACK(links_without_end, "ENOSPC") {
    char name[64];
    for (int i = 0, done = 0; done == 0; i++) {
        sprintf(name, "out/%d", i);
        done = symlink("x", name);
    }
    TELL_ERRNO();
}
ATTACK(descriptors_without_end, "EMFILE EMFILE EMFILE EMFILE EMFILE") {
    int p[2];
    while (dup(1) >= 0) {}
    TELL_ERRNO();
    TELL(pipe(p));
    TELL(eventfd(0, 0));
    TELL(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    TELL(open("in/a", O_RDONLY));
}
ATTACK(more_descriptors_than_allowed, "EPERM EBADF EINVAL") {
    TELL(setrlimit(RLIMIT_NOFILE, &(struct rlimit){1 << 30, 1 << 30}));
    TELL(dup2(1, 1 << 30));
    TELL(fcntl(1, F_DUPFD, 1 << 30));
}
ATTACK(fork_bomb, "EAGAIN") {
    for (;;) {
        pid_t child = fork();
        if (child < 0) { TELL_ERRNO(); exit(0); }
        if (child == 0) pause();
    }
}
ATTACK(fork_bomb_in_all_directions, "ended, --max-memory") {
    for (int i = 0; i < 6; i++) fork();
    while (wait(0) > 0) {}
}
ATTACK(children_never_waited_for, "EAGAIN") {
    for (;;) {
        pid_t child = fork();
        if (child < 0) { TELL_ERRNO(); exit(0); }
        if (child == 0) _exit(0);
    }
}
static void *idle(void *unused) { return pause(), unused; }
ATTACK(threads_without_end, "EAGAIN") {
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 16);
    while ((errno = pthread_create(&thread, &small, idle, 0)) == 0) {}
    int error = errno;
    TELL((errno = error, -1));
}
ATTACK(execute_for_ever, "stopped max-insns") {
    char *args[] = {"program", "execute_for_ever", 0};
    execv("/proc/self/exe", args);
    TELL_ERRNO();
}
ATTACK(giant_arguments, "E2BIG E2BIG") {
    static char text[200000], *args[40000];
    memset(text, 'a', sizeof text - 1);
    args[0] = text;
    TELL(execv("/proc/self/exe", args));
    text[1000] = 0;
    for (int i = 0; i < 39999; i++) args[i] = text;
    TELL(execv("/proc/self/exe", args));
}
ATTACK(pipes_full, "EMFILE") {
    static char block[1 << 20];
    int p[2];
    while (pipe2(p, O_NONBLOCK) == 0) {
        fcntl(p[1], F_SETPIPE_SZ, 1 << 20);
        write(p[1], block, sizeof block);
    }
    TELL_ERRNO();
}
ATTACK(sockets_full, "ENOBUFS") {
    static char block[200000];
    int s[2];
    long sent = 0;
    while (sent >= 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s) == 0) {
        sent = write(s[0], block, sizeof block);
        if (sent >= 0) sent = write(s[1], block, sizeof block);
    }
    TELL_ERRNO();
}
ATTACK(sockets_in_sockets, "ETOOMANYREFS") {
    // Descriptors that travel in messages which nobody takes, and each other's sockets among them.
    for (long sent = 0; sent >= 0;) {
        int s[2];
        socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
        char control[CMSG_SPACE(8)] = {0};
        struct iovec piece = {"x", 1};
        struct msghdr m = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(8);
        memcpy(CMSG_DATA(c), s, 8);
        sent = sendmsg(s[0], &m, 0);
        close(s[0]);
        close(s[1]);
    }
    TELL_ERRNO();
}
ATTACK(epoll_cycles, "ELOOP ELOOP EINVAL") {
    struct epoll_event e = {.events = EPOLLIN};
    int a = epoll_create1(0), b = epoll_create1(0), c = epoll_create1(0);
    epoll_ctl(a, EPOLL_CTL_ADD, b, &e);
    epoll_ctl(b, EPOLL_CTL_ADD, c, &e);
    TELL(epoll_ctl(c, EPOLL_CTL_ADD, a, &e));
    TELL(epoll_ctl(b, EPOLL_CTL_ADD, a, &e));
    TELL(epoll_ctl(a, EPOLL_CTL_ADD, a, &e));
}
ATTACK(epoll_layers, "ended") {
    // As many ways from the counter to the top as a hundred to the fourth.
    struct epoll_event e = {.events = EPOLLIN};
    int layer[100], next[100], counter = eventfd(0, 0);
    for (int i = 0; i < 100; i++) layer[i] = epoll_create1(0), epoll_ctl(layer[i], EPOLL_CTL_ADD, counter, &e);
    for (int depth = 0; depth < 4; depth++) {
        for (int i = 0; i < 100; i++) {
            next[i] = epoll_create1(0);
            for (int j = 0; j < 100; j++) epoll_ctl(next[i], EPOLL_CTL_ADD, layer[j], &e);
        }
        memcpy(layer, next, sizeof layer);
    }
    for (int i = 0; i < 100; i++) eventfd_write(counter, 1), epoll_wait(layer[99], &e, 1, 0);
}
ATTACK(timers_of_no_time, "stopped max-insns") {
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    timerfd_settime(timer, 0, &(struct itimerspec){{0, 1}, {0, 1}}, 0);
    for (unsigned long ticks;;) read(timer, &ticks, 8);
}
static void nothing(int signal) {}
ATTACK(alarm_storm, "stopped max-insns") {
    signal(SIGALRM, nothing);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 1}, {0, 1}}, 0);
    for (;;) pause();
}
ATTACK(signal_storm, "stopped max-insns") {
    signal(SIGUSR1, nothing);
    for (;;) raise(SIGUSR1);
}
static void raise_again(int signal) { raise(signal); }
ATTACK(signals_in_signals, "signal SIGSEGV") {
    struct sigaction action = {.sa_handler = raise_again, .sa_flags = SA_NODEFER};
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
}
ATTACK(signals_queued, "EAGAIN") {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, 0);
    while (sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0) {}
    TELL_ERRNO();
}
ATTACK(mappings_without_end, "ENOMEM") {
    // Every other page: each is a mapping of its own.
    char *area = mmap(0, 1 << 28, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (long i = 0; i < 1 << 28; i += 8192)
        if (mprotect(area + i, 4096, PROT_NONE)) break;
    TELL_ERRNO();
}
ATTACK(giant_transfer, "EFAULT EFAULT") {
    TELL(write(1, (void *)0x8000, 1ul << 62));
    int fd = open("in/a", O_RDONLY);
    TELL(pread(fd, (void *)0x8000, 1ul << 62, 0));
}
ATTACK(memory_files_until_full, "full") {
    static char block[1 << 16];
    signal(SIGXFSZ, SIG_IGN);
    int fd = syscall(SYS_memfd_create, "x", 0);
    long all = 0;
    for (long done; fd >= 0 && (done = write(fd, block, sizeof block)) > 0;) all += done;
    TELL_VALUE("%s", all <= 1l << 30 ? "full" : "endless");
}
ATTACK(shared_memory_until_full, "ENOMEM") {
    while (mmap(0, 1 << 26, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) {}
    TELL_ERRNO();
}
ATTACK(children_that_fill_memory, "ended, --max-memory") {
    for (int i = 0; i < 8; i++) {
        if (fork() > 0) continue;
        for (char *page; (page = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED;)
            for (int at = 0; at < 1 << 20; at += 4096) page[at] = 1;
        _exit(0);
    }
    while (wait(0) > 0) {}
}
