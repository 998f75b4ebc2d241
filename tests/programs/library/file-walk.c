// ftw through a tree, and fts in order of names.
#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int files, dirs, links;
static int visit(const char *path, const struct stat *s, int type, struct FTW *f) {
    if (type == FTW_D || type == FTW_DP) dirs++;
    else if (type == FTW_SL) links++;
    else files++;
    return 0;
}
static int by_name(const FTSENT **a, const FTSENT **b) { return strcmp((*a)->fts_name, (*b)->fts_name); }

int main(void) {
    mkdir("t", 0755), mkdir("t/b", 0755), mkdir("t/b/c", 0755);
    const char *names[] = {"t/1", "t/b/2", "t/b/c/3", "t/a"};
    for (int i = 0; i < 4; i++) close(open(names[i], O_CREAT | O_WRONLY, 0644));
    symlink("1", "t/l");
    printf("%d", nftw("t", visit, 10, FTW_PHYS));
    printf(" %d %d %d\n", files, dirs, links);
    char *roots[] = {"t", NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    for (FTSENT *e; (e = fts_read(tree));) printf("%d %d %s\n", e->fts_level, e->fts_info, e->fts_path);
    fts_close(tree);
}
