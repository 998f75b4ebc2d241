// Who one is: ids agree with each other and with the auxiliary vector.
#include "../show.h"
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

int main(void) {
    IS(getpid() > 0);
    IS(getpid() == syscall(SYS_gettid));
    IS(getppid() >= 0);
    IS(getuid() == geteuid() && getgid() == getegid());
    IS(getauxval(AT_UID) == getuid());
    IS(getauxval(AT_PAGESZ) == 4096);
    IS(getauxval(AT_ENTRY) != 0 && getauxval(AT_PHDR) != 0);
    IS(getauxval(AT_SECURE) == 0);
    IS(getauxval(9999) == 0 && errno == ENOENT);
    uid_t r, e, s;
    SHOW(getresuid(&r, &e, &s));
    IS(r == e && e == s);
    IS(getpgid(0) == getpgrp());
    IS(getsid(0) > 0 || getsid(0) == 0);
    SHOW(getpgid(-1));
    SHOW(setuid(getuid()));
    SHOW(setgid(getgid()));
    SHOW(setreuid(-1, -1));
    IS(getgroups(0, NULL) >= 0);
}
