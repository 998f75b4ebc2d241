// Makes system calls with random numbers and arguments, of a kind that now and then fits. Arguments: seed, how many.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t state;
static uint64_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}
static uint64_t below(uint64_t limit) { return next() % limit; }

static const char *paths[] = {"in/a", "in", "out", "out/x", "out/y/z", "out/d", ".", "..", "/", "", "../victim/key",
                              "in/leak/key", "in/fifo", "/proc/self/fd/3", "/proc/self/maps", "/proc/self/exe",
                              "/proc/self/mem", "/dev/null", "/dev/zero", "/etc/passwd", "out/x/", "/proc/self/cwd/out"};
static char *room;

static uint64_t argument(void) {
    switch (below(12)) {
    case 0: return 0;
    case 1: return below(16);
    case 2: return (uint64_t)-(int64_t)below(200);
    case 3: return 1ull << below(64);
    case 4: return below(1 << 20);
    case 5: return next();
    case 6: return (uint64_t)paths[below(sizeof paths / sizeof *paths)];
    case 7: return 0xbffff000 + below(8192);
    case 8: return (uint64_t[]){0x100, 0x430, 0xc0000000, 0xe1000000, 0x100010000, 1ull << 63}[below(6)];
    default: return (uint64_t)room + below(16) * 4096 + below(2) * below(4096);
    }
}

static void fill(void) {
    for (int i = 0; i < 64; i++) ((uint64_t *)room)[below(8192)] = argument();
}

int main(int count, char **arguments) {
    state = strtoull(arguments[1], 0, 10) * 0x9e3779b97f4a7c15 + 1;
    room = mmap(0, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (long calls = strtol(arguments[2], 0, 10); calls > 0; calls--) {
        uint64_t number = below(50) ? below(460) : next();
        // The ways to end at once are tried by other tests; here they would only shorten the run.
        if (number == SYS_exit || number == SYS_exit_group || number == SYS_rt_sigreturn || number == SYS_kill) continue;
        if (number == SYS_tkill || number == SYS_tgkill || number == SYS_execve || number == SYS_munmap) continue;
        if (number == SYS_clone || number == SYS_rt_sigsuspend || number == SYS_mprotect) continue;
        if (below(8) == 0) fill();
        syscall(number, argument(), argument(), argument(), argument(), argument(), argument());
    }
    return 0;
}
