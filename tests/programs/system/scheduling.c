// sched_yield, affinity and priorities of the ordinary policy.
#include "../show.h"
#include <sched.h>

int main(void) {
    SHOW(sched_yield());
    cpu_set_t set;
    CPU_ZERO(&set);
    SHOW(sched_getaffinity(0, sizeof set, &set));
    IS(CPU_COUNT(&set) >= 1);
    SHOW(sched_getscheduler(0));
    struct sched_param p = {.sched_priority = 5};
    SHOW(sched_getparam(0, &p));
    printf("%d\n", p.sched_priority);
    SHOW(sched_get_priority_min(SCHED_OTHER));
    SHOW(sched_get_priority_max(SCHED_OTHER));
    SHOW(sched_get_priority_max(SCHED_FIFO));
    SHOW(sched_get_priority_max(99));
    IS(sched_getcpu() >= 0);
}
