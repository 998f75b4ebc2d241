/* trees [DEPTH]: makes, counts and frees binary trees: recursion, and an allocator at work. */
#include "number.h"
#include <stdio.h>
#include <stdlib.h>

struct tree {
    struct tree *left, *right;
};

static struct tree *grow(unsigned depth) {
    struct tree *tree = malloc(sizeof *tree);
    if (!tree) {
        fprintf(stderr, "trees: not enough memory\n");
        exit(1);
    }
    tree->left = depth ? grow(depth - 1) : NULL;
    tree->right = depth ? grow(depth - 1) : NULL;
    return tree;
}

static unsigned long count(const struct tree *tree) {
    return tree->left ? 1 + count(tree->left) + count(tree->right) : 1;
}

static void cut(struct tree *tree) {
    if (tree->left) {
        cut(tree->left);
        cut(tree->right);
    }
    free(tree);
}

int main(int argc, char **argv) {
    unsigned depth = (unsigned)number(argc, argv, 1, 14, 24);
    struct tree *keeper = grow(depth);
    for (unsigned each = 2; each <= depth; each += 2) {
        unsigned long trees = 1ul << (depth - each + 2), nodes = 0;
        for (unsigned long i = 0; i < trees; i++) {
            struct tree *tree = grow(each);
            nodes += count(tree);
            cut(tree);
        }
        printf("%lu trees of depth %u: %lu nodes\n", trees, each, nodes);
    }
    printf("kept: %lu nodes\n", count(keeper));
    cut(keeper);
    return 0;
}
