// link: dynamic
// flags: -pthread
// libraries: lib-local.c
// Thread-local variables of a library that is opened while threads run.
#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_barrier_t opened;
static int (*count)(int);
static void *work(void *p) {
    pthread_barrier_wait(&opened);
    int r = 0;
    for (int i = 0; i < 10; i++) r = count((int)(long)p);
    return (void *)(long)r;
}

int main(void) {
    pthread_t t[3];
    pthread_barrier_init(&opened, NULL, 4);
    for (long i = 0; i < 3; i++) pthread_create(&t[i], NULL, work, (void *)(i + 1));
    char self[PATH_MAX] = {0}, path[PATH_MAX + 20];
    readlink("/proc/self/exe", self, sizeof self - 1);
    sprintf(path, "%s/lib-local.so", dirname(self));
    void *library = dlopen(path, RTLD_NOW);
    count = (int (*)(int))dlsym(library, "count");
    pthread_barrier_wait(&opened);
    for (int i = 0; i < 3; i++) {
        void *r;
        pthread_join(t[i], &r);
        printf("%ld\n", (long)r);
    }
    printf("%d\n", count(0));
    printf("%d\n", dlclose(library));
}
