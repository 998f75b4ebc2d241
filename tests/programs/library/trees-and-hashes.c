// tsearch, hsearch, insque.
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) { return strcmp(a, b); }
static void walk(const void *node, VISIT v, int depth) {
    if (v == postorder || v == leaf) printf("%s ", *(char **)node);
}

int main(void) {
    void *root = NULL;
    const char *words[] = {"pear", "apple", "fig", "kiwi", "apple", "banana", "cherry", "date"};
    for (int i = 0; i < 8; i++) tsearch(words[i], &root, compare);
    twalk(root, walk);
    printf("%d", tfind("fig", &root, compare) != NULL);
    tdelete("fig", &root, compare);
    printf("%d\n", tfind("fig", &root, compare) != NULL);
    hcreate(30);
    for (long i = 0; i < 8; i++) hsearch((ENTRY){(char *)words[i], (void *)i}, ENTER);
    ENTRY *e = hsearch((ENTRY){"cherry"}, FIND);
    printf("%ld %d\n", (long)e->data, hsearch((ENTRY){"none"}, FIND) == NULL);
}
