// flags: -pthread
// exit ends the process though others run and wait.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static volatile int running;
static void *spin(void *p) {
    running = 1;
    for (;;)
        ;
    return p;
}
static void *sleep_on(void *p) {
    pause();
    return p;
}

int main(void) {
    pthread_t t;
    pthread_create(&t, NULL, sleep_on, NULL);
    pthread_create(&t, NULL, spin, NULL);
    while (!running)
        ;
    puts("leaving");
    return 9;
}
