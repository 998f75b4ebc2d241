// mkstemp, mkdtemp, tmpfile and O_TMPFILE's cleanness.
#include "../show.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    char one[] = "f-XXXXXX", two[] = "f-XXXXXX", dir[] = "d-XXXXXX", bad[] = "f-XXX";
    int a = mkstemp(one), b = mkstemp(two);
    IS(a >= 0 && b >= 0 && strcmp(one, two) != 0);
    struct stat s;
    fstat(a, &s);
    printf("mode %o\n", s.st_mode & 07777);
    IS(mkdtemp(dir) == dir);
    stat(dir, &s);
    printf("mode %o\n", s.st_mode & 07777);
    SHOW(mkstemp(bad));
    char named[] = "x-XXXXXX.txt";
    IS(mkstemps(named, 4) >= 0 && strcmp(named + 8, ".txt") == 0);
    SHOW(write(a, "abc", 3));
    SHOW(unlink(one));
    SHOW(rmdir(dir));
}
