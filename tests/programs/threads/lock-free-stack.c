// flags: -pthread
// A lock-free stack with compare and exchange; every node comes out once.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct node {
    struct node *next;
    int value;
};
static _Atomic(struct node *) top;
static struct node nodes[4][1000];
static int seen[4000];
static void *push(void *p) {
    struct node *mine = p;
    for (int i = 0; i < 1000; i++) {
        mine[i].next = atomic_load(&top);
        while (!atomic_compare_exchange_weak(&top, &mine[i].next, &mine[i]))
            ;
    }
    return p;
}

int main(void) {
    pthread_t t[4];
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 1000; j++) nodes[i][j].value = i * 1000 + j;
        pthread_create(&t[i], NULL, push, nodes[i]);
    }
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    int count = 0, wrong = 0;
    for (struct node *n = top; n; n = n->next) count++, seen[n->value]++;
    for (int i = 0; i < 4000; i++) wrong += seen[i] != 1;
    printf("%d %d\n", count, wrong);
}
