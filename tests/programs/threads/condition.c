// flags: -pthread
// Condition variables: turns taken exactly, signal, broadcast.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static int turn;
static void *player(void *p) {
    int me = *(int *)p;
    for (int round = 0; round < 5; round++) {
        pthread_mutex_lock(&m);
        while (turn % 4 != me) pthread_cond_wait(&turned, &m);
        printf("%d:%d ", round, me);
        turn++;
        pthread_cond_broadcast(&turned);
        pthread_mutex_unlock(&m);
    }
    return NULL;
}

int main(void) {
    pthread_t t[4];
    int id[4];
    for (int i = 3; i >= 0; i--) id[i] = i, pthread_create(&t[i], NULL, player, &id[i]);
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    puts("");
}
