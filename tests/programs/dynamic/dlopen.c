// link: dynamic
// flags: -ldl
// libraries: lib-plugin.c
// A library opened at run time: symbols, constructors, destructors, reference count, errors.
#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int provided = 17;
int provide(void) { return provided; }

int main(void) {
    char self[PATH_MAX] = {0}, path[PATH_MAX + 20];
    readlink("/proc/self/exe", self, sizeof self - 1);
    sprintf(path, "%s/lib-plugin.so", dirname(self));
    void *library = dlopen(path, RTLD_NOW);
    if (!library) {
        printf("%d\n", strstr(dlerror(), "lib-plugin.so") != NULL);
        return 1;
    }
    int (*twice)(int) = (int (*)(int))dlsym(library, "twice");
    int *counter = dlsym(library, "counter");
    printf("%d %d\n", twice(21), *counter);
    printf("%d\n", dlopen(path, RTLD_LAZY) == library);
    printf("%d\n", dlclose(library));
    printf("%d\n", twice(4));
    printf("%d", dlsym(library, "none") == NULL);
    printf(" %d\n", strstr(dlerror(), "undefined symbol: none") != NULL);
    Dl_info info;
    printf("%d", dladdr((void *)twice, &info) != 0);
    printf(" %s\n", info.dli_sname);
    printf("%d\n", dlclose(library));
    printf("%d", dlopen("missing.so", RTLD_NOW) == NULL);
    printf(" %s\n", dlerror());
    printf("%d\n", dlsym(RTLD_DEFAULT, "printf") != NULL);
}
