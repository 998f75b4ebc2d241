// uname and what sysconf says of the machine.
#include "../show.h"
#include <sys/utsname.h>
#include <unistd.h>

int main(void) {
    struct utsname u;
    SHOW(uname(&u));
    printf("%s %s\n", u.sysname, u.machine);
    int major = 0;
    sscanf(u.release, "%d", &major);
    IS(major >= 4);
    IS(strlen(u.version) > 0 && strlen(u.nodename) > 0);
    SHOW(sysconf(_SC_PAGESIZE));
    SHOW(sysconf(_SC_CLK_TCK));
    IS(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
    IS(sysconf(_SC_OPEN_MAX) >= 64);
    SHOW(sysconf(-5));
    char name[2];
    SHOW(gethostname(name, 1));
}
