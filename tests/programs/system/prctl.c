// prctl: name of the thread, and options that only say what is.
#include "../show.h"
#include <sys/prctl.h>

int main(void) {
    char name[17] = {0};
    SHOW(prctl(PR_SET_NAME, "a-name-that-is-too-long", 0, 0, 0));
    SHOW(prctl(PR_GET_NAME, name, 0, 0, 0));
    puts(name);
    SHOW(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    SHOW(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_DUMPABLE, 2, 0, 0, 0));
    SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 2, 0, 0));
    SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0));
    int sig = 0;
    SHOW(prctl(PR_GET_PDEATHSIG, &sig, 0, 0, 0));
    printf("%d\n", sig);
    SHOW(prctl(9999, 0, 0, 0, 0));
}
