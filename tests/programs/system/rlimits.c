// Limits can be read and lowered, not raised above the hard one; the one for files is kept.
#include "../show.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

int main(void) {
    struct rlimit limit;
    SHOW(getrlimit(RLIMIT_NOFILE, &limit));
    IS(limit.rlim_cur >= 64);
    limit.rlim_cur = limit.rlim_max = 10;
    SHOW(setrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = 0;
    SHOW(getrlimit(RLIMIT_NOFILE, &limit));
    printf("%ld %ld\n", (long)limit.rlim_cur, (long)limit.rlim_max);
    int opened = 0;
    for (int i = 0; i < 20; i++) opened += dup(0) >= 0;
    IS(errno == EMFILE);
    printf("opened %d\n", opened);
    SHOW(dup2(0, 10));
    SHOW(fcntl(0, F_DUPFD, 10));
    limit.rlim_cur = 11, limit.rlim_max = 10;
    SHOW(setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(getrlimit(99, &limit));
    SHOW(getrlimit(RLIMIT_STACK, &limit));
    IS(limit.rlim_cur >= 1 << 20);
    SHOW(prlimit(0, RLIMIT_CORE, NULL, &limit));
}
