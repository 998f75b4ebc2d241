// flags: -pthread
// The first thread leaves by pthread_exit; the process lives until the last one ends.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_t first;
static void *work(void *p) {
    void *result;
    pthread_join(first, &result);
    printf("first thread gave %s\n", (char *)result);
    exit(3);
}

int main(void) {
    first = pthread_self();
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    pthread_exit("a result");
}
