// Long names, long paths, repeated slashes, dots, bytes that are no UTF-8.
#include "../show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    char name[300];
    memset(name, 'n', sizeof name);
    name[255] = 0;
    int fd = open(name, O_CREAT | O_RDWR, 0644);
    IS(fd >= 0);
    name[255] = 'n', name[256] = 0;
    IS(open(name, O_CREAT | O_RDWR, 0644) == -1 && errno == ENAMETOOLONG);
    char path[5000];
    memset(path, '/', sizeof path);
    memcpy(path, "./", 2);
    strcpy(path + 4990, "f");
    IS(open(path, O_CREAT | O_RDWR, 0644) == -1 && errno == ENAMETOOLONG);
    strcpy(path + 4000, "f");
    IS(open(path, O_CREAT | O_RDWR, 0644) >= 0);
    SHOW(access("f", F_OK));
    SHOW(access(".//././f", F_OK));
    SHOW(access("f/", F_OK));
    SHOW(access("f/.", F_OK));
    mkdir("d", 0755);
    SHOW(access("d/../f", F_OK));
    SHOW(access("d/", F_OK));
    SHOW(access("no/../f", F_OK));
    SHOW(mkdir("e/", 0755));
    SHOW(open("new/", O_CREAT | O_RDWR, 0644));
    SHOW(access("h\xc3\xa9", F_OK));
    close(open("h\xc3\xa9", O_CREAT | O_RDWR, 0644));
    SHOW(access("h\xc3\xa9", F_OK));
    SHOW(rename("h\xc3\xa9", "g"));
}
