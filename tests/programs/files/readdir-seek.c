// telldir, seekdir and rewinddir come back to the same entries; scandir sorts.
#include "../show.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int visible(const struct dirent *e) { return e->d_name[0] != '.'; }

int main(void) {
    mkdir("d", 0755);
    const char *names[] = {"d/alpha", "d/beta", "d/gamma", "d/.hidden", "d/delta"};
    for (int i = 0; i < 5; i++) close(open(names[i], O_CREAT | O_WRONLY, 0644));
    DIR *dir = opendir("d");
    int all = 0;
    while (readdir(dir)) all++;
    printf("%d entries\n", all);
    rewinddir(dir);
    for (int i = 0; i < 3; i++) readdir(dir);
    long place = telldir(dir);
    char fourth[256];
    strcpy(fourth, readdir(dir)->d_name);
    while (readdir(dir))
        ;
    seekdir(dir, place);
    IS(strcmp(readdir(dir)->d_name, fourth) == 0);
    SHOW(closedir(dir));
    struct dirent **list;
    int n = scandir("d", &list, visible, alphasort);
    for (int i = 0; i < n; i++) puts(list[i]->d_name), free(list[i]);
    free(list);
    IS(opendir("missing") == NULL && errno == ENOENT);
    IS(opendir("d/beta") == NULL && errno == ENOTDIR);
}
