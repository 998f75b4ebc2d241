// select and pselect change their sets to what is ready.
#include "../show.h"
#include <sys/select.h>
#include <unistd.h>

int main(void) {
    int p[2], q[2];
    pipe(p), pipe(q);
    fd_set in, out;
    FD_ZERO(&in); FD_ZERO(&out);
    FD_SET(p[0], &in); FD_SET(q[0], &in); FD_SET(p[1], &out);
    write(q[1], "x", 1);
    SHOW(select(q[1] + 1, &in, &out, NULL, NULL));
    printf("%d %d %d\n", !!FD_ISSET(p[0], &in), !!FD_ISSET(q[0], &in), !!FD_ISSET(p[1], &out));
    FD_ZERO(&in); FD_SET(p[0], &in);
    struct timeval t = {0, 10000};
    SHOW(select(p[0] + 1, &in, NULL, NULL, &t));
    printf("%d %ld\n", !!FD_ISSET(p[0], &in), (long)t.tv_sec);
    struct timespec ts = {0, 1000000};
    SHOW(pselect(0, NULL, NULL, NULL, &ts, NULL));
    FD_ZERO(&in); FD_SET(60, &in);
    SHOW(select(61, &in, NULL, NULL, &t));
    SHOW(select(-1, NULL, NULL, NULL, &t));
    t.tv_usec = -1;
    SHOW(select(0, NULL, NULL, NULL, &t));
    close(p[1]);
    FD_ZERO(&in); FD_SET(p[0], &in);
    SHOW(select(p[0] + 1, &in, NULL, NULL, NULL));
}
