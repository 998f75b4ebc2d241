// A signal interrupts a read: EINTR, or the read is begun again under SA_RESTART.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static int p[2];
static volatile int hits;
static void interrupt(int sig) { hits++; }
static void feed(int sig) {
    hits++;
    write(p[1], "x", 1);
}
static void in_a_moment(void (*handler)(int), int flags) {
    struct sigaction sa = {.sa_handler = handler, .sa_flags = flags};
    sigaction(SIGALRM, &sa, NULL);
    struct itimerval t = {.it_value = {0, 10000}};
    setitimer(ITIMER_REAL, &t, NULL);
}

int main(void) {
    char c;
    pipe(p);
    in_a_moment(interrupt, 0);
    long n = read(p[0], &c, 1);
    printf("%ld %s\n", n, strerrorname_np(errno));
    in_a_moment(feed, SA_RESTART);
    n = read(p[0], &c, 1);
    printf("%ld %c %d\n", n, c, hits);
    in_a_moment(interrupt, SA_RESTART);
    n = usleep(1000000);
    printf("%ld %s %d\n", n, strerrorname_np(errno), hits);
    in_a_moment(interrupt, SA_RESTART);
    printf("%d %s\n", pause(), strerrorname_np(errno));
}
