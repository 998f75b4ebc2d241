// flags: -pthread
// witness: native, because QEMU's own work counts as the program's.
// Whose the processor's time is: the thread's, the process's, that of children that were waited for; sleeping takes none.
#include "../show.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000ll

static long long read_clock(clockid_t id) {
    struct timespec t;
    if (clock_gettime(id, &t)) return -1;
    return t.tv_sec * 1000 * MS + t.tv_nsec;
}

static long long thread_time(void) { return read_clock(CLOCK_THREAD_CPUTIME_ID); }
static long long process_time(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

// Computes until the thread has used so much more of the processor.
static void burn(int ms) {
    long long end = thread_time() + ms * MS;
    while (thread_time() < end)
        for (volatile int i = 0; i < 5000; i++)
            ;
}

static long long used(const struct rusage *u) {
    return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000 * MS + (u->ru_utime.tv_usec + u->ru_stime.tv_usec) * 1000ll;
}

static long long usage(int who) {
    struct rusage u;
    if (getrusage(who, &u)) return -1;
    return used(&u);
}

static int near(long long value, long long ms) { return value >= (ms - 12) * MS && value < (ms + 12) * MS; }

static long long in_thread;
static void *thread(void *ms) {
    burn(*(int *)ms);
    in_thread = thread_time();
    IS(near(usage(RUSAGE_THREAD), *(int *)ms));
    return 0;
}

// Field n of /proc/PATH/stat, as proc(5) counts them.
static long long field(const char *path, int n) {
    char name[64], text[1024];
    snprintf(name, sizeof name, "/proc/%s/stat", path);
    FILE *f = fopen(name, "r");
    if (!f || !fgets(text, sizeof text, f)) return -1;
    fclose(f);
    char *at = strrchr(text, ')') + 1;
    for (int i = 2; i < n; i++) at = strchr(at + 1, ' ');
    return strtoll(at, 0, 10);
}

static void rest(int ms) {
    struct timespec t = {0, ms * MS};
    nanosleep(&t, 0);
}

static volatile int rings;
static void ring(int sig) { rings++; }

int main(void) {
    long long own = thread_time(), all = process_time();
    burn(30);
    IS(near(thread_time() - own, 30) && near(process_time() - all, 30));
    rest(60);
    IS(near(thread_time() - own, 30) && near(process_time() - all, 30));

    pthread_t t;
    int ms = 40;
    own = thread_time(), all = process_time();
    pthread_create(&t, 0, thread, &ms);
    clockid_t other;
    ERR(pthread_getcpuclockid(t, &other));
    IS(read_clock(other) >= 0);
    pthread_join(t, 0);
    IS(near(in_thread, 40));
    IS(near(thread_time() - own, 0));
    IS(near(process_time() - all, 40));
    IS(near(usage(RUSAGE_SELF) - process_time(), 0));

    IS(usage(RUSAGE_CHILDREN) == 0);
    all = process_time();
    pid_t child = fork();
    if (child == 0) {
        if (process_time() > 10 * MS) _exit(1);
        burn(30);
        pid_t grandchild = fork();
        if (grandchild == 0) {
            burn(30);
            _exit(0);
        }
        waitpid(grandchild, 0, 0);
        _exit(near(usage(RUSAGE_CHILDREN), 30) ? 0 : 2);
    }
    clockid_t of_child;
    ERR(clock_getcpuclockid(child, &of_child));
    IS(read_clock(of_child) >= 0);
    struct rusage u;
    int status;
    IS(wait4(child, &status, 0, &u) == child);
    IS(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    IS(near(used(&u), 60) && u.ru_maxrss > 0);
    IS(near(usage(RUSAGE_CHILDREN), 60));
    IS(near(process_time() - all, 0));
    IS(read_clock(of_child) == -1);
    struct tms ticks;
    times(&ticks);
    IS(ticks.tms_cutime + ticks.tms_cstime >= 4 && ticks.tms_cutime + ticks.tms_cstime <= 8);
    IS(ticks.tms_utime + ticks.tms_stime >= 5 && ticks.tms_utime + ticks.tms_stime <= 10);

    long long used_ticks = field("self", 14) + field("self", 15), waited = field("self", 16) + field("self", 17);
    IS(used_ticks >= 5 && used_ticks <= 10 && waited >= 4 && waited <= 8);
    IS(field("thread-self", 14) + field("thread-self", 15) <= used_ticks);
    IS(field("self", 20) == 1 && field("self", 23) > 0 && field("self", 24) > 0);
    IS(field("self", 22) <= sysconf(_SC_CLK_TCK) * (read_clock(CLOCK_BOOTTIME) / (1000 * MS) + 1));
    rest(40);
    if ((child = fork()) == 0) {
        char parent[16];
        sprintf(parent, "%d", getppid());
        _exit(field("self", 22) > field(parent, 22) ? 7 : 1);
    }
    waitpid(child, &status, 0);
    IS(WEXITSTATUS(status) == 7);

    // Nobody waits for this one.
    signal(SIGCHLD, SIG_IGN);
    long long before = usage(RUSAGE_CHILDREN);
    if ((child = fork()) == 0) {
        burn(30);
        _exit(0);
    }
    SHOW(wait(0));
    IS(usage(RUSAGE_CHILDREN) == before);

    // Timers of one thread stand still while another one computes.
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec setting = {{0, 0}, {0, 30 * MS}}, left;
    timer_t timer;
    signal(SIGUSR1, ring);
    SHOW(timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer));
    SHOW(timer_settime(timer, 0, &setting, 0));
    pthread_create(&t, 0, thread, &ms);
    pthread_join(t, 0);
    SHOW(timer_gettime(timer, &left));
    IS(rings == 0 && near(left.it_value.tv_nsec, 30));
    burn(45);
    IS(rings == 1);

    // The process's time goes on by its other thread.
    ms = 60;
    pthread_create(&t, 0, thread, &ms);
    struct timespec length = {0, 30 * MS};
    all = process_time();
    ERR(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &length, 0));
    IS(process_time() - all >= 30 * MS);
    pthread_join(t, 0);
    ERR(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &length, 0));
    ERR(clock_nanosleep(CLOCK_MONOTONIC_COARSE, 0, &length, 0));
    IS(read_clock((~1u << 3 | 3)) == -1);
}
