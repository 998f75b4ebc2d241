// Reading from an empty pipe: ended by a handler, or begun again after it under SA_RESTART.
#include "../show.h"
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>
static int fds[2], ticks;
static void tick(int sig) {
    ticks++;
    if (ticks % 3 == 0) write(fds[1], "tick", 4);
}
int main(void) {
    pipe(fds);
    struct sigaction sa = {.sa_handler = tick};
    sigaction(SIGALRM, &sa, NULL);
    struct itimerval t = {{0, 20000}, {0, 20000}}, off = {0};
    char buffer[8] = "";
    setitimer(ITIMER_REAL, &t, NULL);
    SHOW(read(fds[0], buffer, 8));
    IS(ticks == 1);
    ticks = 0;
    sa.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &sa, NULL);
    SHOW(read(fds[0], buffer, 8));
    IS(ticks >= 3);
    setitimer(ITIMER_REAL, &off, NULL);
    printf("%s\n", buffer);
}
