// /dev/null, /dev/zero, /dev/full, /dev/urandom as every program expects them.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    char b[64];
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);
    int random = open("/dev/urandom", O_RDONLY);
    SHOW(write(null, b, 64));
    SHOW(read(null, b, 64));
    memset(b, 1, sizeof b);
    SHOW(read(zero, b, 64));
    int set = 0;
    for (int i = 0; i < 64; i++) set += b[i] != 0;
    printf("%d set\n", set);
    SHOW(write(zero, b, 64));
    SHOW(read(random, b, 64));
    for (int i = 0; i < 64; i++) set += b[i] != 0;
    IS(set > 40);
    struct stat s;
    SHOW(fstat(null, &s));
    IS(S_ISCHR(s.st_mode));
    IS(isatty(null) == 0 && errno == ENOTTY);
}
