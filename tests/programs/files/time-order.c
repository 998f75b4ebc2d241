// What the clock says when a file is made, and what stat says of it, go together: by hand and by the kernel.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME_COARSE, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static long long of(struct timespec t) { return t.tv_sec * 1000000000ll + t.tv_nsec; }

static void rest(void) {
    struct timespec t = {0, 30000000};
    nanosleep(&t, 0);
}

int main(void) {
    struct stat s, d;
    rest();
    long long before = now();
    rest();
    int fd = open("f", O_CREAT | O_RDWR, 0644);
    rest();
    long long made = now();
    fstat(fd, &s);
    IS(of(s.st_mtim) > before && of(s.st_mtim) < made);
    IS(of(s.st_ctim) == of(s.st_mtim) && of(s.st_atim) == of(s.st_mtim));
    stat(".", &d);
    IS(of(d.st_mtim) == of(s.st_mtim));
    rest();
    write(fd, "x", 1);
    rest();
    fstat(fd, &s);
    IS(of(s.st_mtim) > made && of(s.st_mtim) < now());
    IS(of(s.st_atim) < made);
    long long written = of(s.st_mtim);
    rest();
    chmod("f", 0600);
    stat("f", &s);
    IS(of(s.st_mtim) == written && of(s.st_ctim) > written);
    rest();
    rename("f", "g");
    rest();
    struct stat r;
    stat("g", &r);
    IS(of(r.st_mtim) == written && of(r.st_ctim) > of(s.st_ctim));
    stat(".", &d);
    IS(of(d.st_mtim) > of(s.st_ctim) && of(d.st_mtim) < now());
}
