/* chase [HOPS]: follows pointers: round a ring of nodes in random order, and down a search tree. Nothing
   can be computed before the load before it has come back. */
#include "number.h"
#include "random.h"
#include <stdint.h>
#include <stdio.h>

enum { NODES = 32768 };

struct node {
    struct node *next, *less, *more;
    uint64_t key;
};

static struct node nodes[NODES];

/* Sattolo's shuffle: one ring through all nodes. */
static void tie_ring(void) {
    static uint32_t order[NODES];
    for (uint32_t i = 0; i < NODES; i++)
        order[i] = i;
    for (uint32_t i = NODES - 1; i > 0; i--) {
        uint32_t j = random_to(i - 1), swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
    }
    for (uint32_t i = 0; i < NODES; i++)
        nodes[order[i]].next = &nodes[order[(i + 1) % NODES]];
}

/* Keys are random, so the tree is about twice as deep as it had to be. */
static void grow_tree(void) {
    for (uint32_t i = 0; i < NODES; i++) {
        nodes[i].key = random64();
        if (i == 0)
            continue;
        struct node *at = nodes, **branch;
        while (*(branch = nodes[i].key < at->key ? &at->less : &at->more))
            at = *branch;
        *branch = &nodes[i];
    }
}

int main(int argc, char **argv) {
    unsigned long hops = number(argc, argv, 1, 22000000, 10000000000);
    tie_ring();
    grow_tree();

    uint64_t checksum = 0;
    const struct node *at = nodes;
    for (unsigned long i = 0; i < hops; i++) {
        checksum += at->key;
        at = at->next;
    }
    printf("ring: %lu hops, checksum %016llx\n", hops, (unsigned long long)checksum);

    unsigned long down = 0, searches = 0;
    for (; down < hops; searches++) {
        uint64_t key = random64();
        for (at = nodes; at; at = key < at->key ? at->less : at->more) {
            checksum = checksum * 3 + at->key;
            down++;
        }
    }
    printf("tree: %lu searches, %lu hops, checksum %016llx\n", searches, down, (unsigned long long)checksum);
    return 0;
}
