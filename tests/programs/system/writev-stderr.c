// Output to a closed descriptor fails and nothing else happens.
#include "../show.h"
#include <unistd.h>

int main(void) {
    SHOW(fflush(stdout));
    int saved = dup(1);
    close(1);
    int a = printf("lost\n"), b = fflush(stdout), error = errno;
    clearerr(stdout);
    dup2(saved, 1);
    printf("%d %d %s\n", a, b, strerrorname_np(error));
}
