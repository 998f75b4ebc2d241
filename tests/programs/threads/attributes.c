// flags: -pthread
// Attributes: stack sizes, guard, a stack of one's own, names.
#include "../show.h"
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

static char *own;
static void *work(void *p) {
    char here;
    IS(&here >= own && &here < own + 131072);
    char name[16];
    ERR(pthread_setname_np(pthread_self(), "worker"));
    ERR(pthread_getname_np(pthread_self(), name, sizeof name));
    puts(name);
    return p;
}

int main(void) {
    pthread_attr_t a;
    size_t n;
    pthread_attr_init(&a);
    ERR(pthread_attr_setstacksize(&a, 100));
    ERR(pthread_attr_setstacksize(&a, 262144));
    ERR(pthread_attr_getstacksize(&a, &n));
    printf("%zu\n", n);
    ERR(pthread_attr_setguardsize(&a, 8192));
    own = aligned_alloc(4096, 131072);
    ERR(pthread_attr_setstack(&a, own, 131072));
    pthread_t t;
    // Shown after the thread has shown what it has to: which of them would be first is nobody's promise.
    int created = pthread_create(&t, &a, work, NULL);
    int joined = pthread_join(t, NULL);
    ERR(created);
    ERR(joined);
    ERR(pthread_setname_np(pthread_self(), "a name that is too long"));
}
