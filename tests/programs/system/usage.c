// getrusage, times and sysinfo fill in what makes sense.
#include "../show.h"
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    struct rusage u;
    SHOW(getrusage(RUSAGE_SELF, &u));
    IS(u.ru_utime.tv_sec >= 0 && u.ru_utime.tv_usec < 1000000);
    SHOW(getrusage(RUSAGE_CHILDREN, &u));
    SHOW(getrusage(77, &u));
    struct tms t;
    IS(times(&t) != (clock_t)-1);
    struct sysinfo s;
    SHOW(sysinfo(&s));
    IS(s.totalram > 0 && s.mem_unit > 0 && s.procs > 0);
    clock_t a = clock();
    for (volatile int i = 0; i < 100000; i++)
        ;
    IS(clock() >= a);
    SHOW(getpriority(PRIO_PROCESS, 0));
}
