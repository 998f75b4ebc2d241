// flags: -pthread
// pthread_kill goes to one thread; each has its own mask; sigwait takes what is blocked.
#include "../show.h"
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static __thread int name;
static volatile int handled_by;
static pthread_barrier_t ready;
static void handler(int sig) { handled_by = name; }
static void *work(void *p) {
    name = 2;
    pthread_barrier_wait(&ready);
    while (handled_by == 0) usleep(1000);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_barrier_wait(&ready);
    int sig;
    ERR(sigwait(&set, &sig));
    printf("got %s\n", strsignal(sig));
    return p;
}

int main(void) {
    name = 1;
    signal(SIGUSR1, handler);
    pthread_barrier_init(&ready, NULL, 2);
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    pthread_barrier_wait(&ready);
    int error = pthread_kill(t, SIGUSR1);
    while (!handled_by)
        ;
    printf("%d\n", error);
    printf("handled by %d\n", handled_by);
    pthread_barrier_wait(&ready);
    error = pthread_kill(t, SIGUSR2);
    pthread_join(t, NULL);
    printf("%d\n", error);
    ERR(pthread_kill(pthread_self(), 0));
    ERR(pthread_kill(pthread_self(), 99));
    handled_by = 0;
    raise(SIGUSR1);
    printf("handled by %d\n", handled_by);
}
