/* files DIRECTORY: makes, writes, reads, stats, lists, renames and removes files in DIRECTORY, which
   should be empty, and prints what each step returned, errors by their errno name. Prints no times,
   owners or inode numbers, so the output is the same on every file system. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int failures;

/* Prints a step's result, or the name of its error; passes the result on. */
static long step(const char *what, long result) {
    if (result < 0) {
        printf("%s: %s\n", what, strerrorname_np(errno));
        failures++;
    } else {
        printf("%s: %ld\n", what, result);
    }
    return result;
}

/* A descriptor's number depends on what is open already; whether there is one does not. */
static int opened(const char *what, int fd) {
    step(what, fd < 0 ? -1 : 0);
    return fd;
}

static void show_facts(const char *what, int result, const struct stat *facts) {
    if (step(what, result) == 0)
        printf("  %s, mode %o, %lld bytes\n",
               S_ISDIR(facts->st_mode) ? "directory" : S_ISLNK(facts->st_mode) ? "link" : "file",
               facts->st_mode & 07777u, S_ISREG(facts->st_mode) ? (long long)facts->st_size : 0);
}

static int not_dots(const struct dirent *entry) {
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void list(const char *directory) {
    struct dirent **entries;
    int count = scandir(directory, &entries, not_dots, alphasort);
    step("list", count);
    for (int i = 0; i < count; i++) {
        printf("  %s\n", entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static void write_and_read(void) {
    char text[64] = "";
    struct iovec parts[] = {{"gathered ", 9}, {"write\n", 6}};
    int fd = opened("create one", open("one", O_RDWR | O_CREAT | O_EXCL, 0640));
    step("create one again", open("one", O_RDWR | O_CREAT | O_EXCL, 0640));
    step("write", write(fd, "some text\n", 10));
    step("writev", writev(fd, parts, 2));
    step("pwrite", pwrite(fd, "SOME", 4, 0));
    step("seek to end", lseek(fd, 0, SEEK_END));
    step("seek before start", lseek(fd, -1, SEEK_SET));
    step("seek back", lseek(fd, -6, SEEK_CUR));
    step("read", read(fd, text, sizeof text - 1));
    printf("  %s", text);
    memset(text, 0, sizeof text);
    step("pread", pread(fd, text, 9, 0));
    printf("  %s\n", text);
    step("read at end", read(fd, text, sizeof text));
    step("truncate", ftruncate(fd, 4));
    int copy = opened("dup", dup(fd));
    step("close", close(fd));
    step("close again", close(fd));
    struct stat facts;
    show_facts("fstat copy", fstat(copy, &facts), &facts);
    step("flags of copy", (fcntl(copy, F_GETFL) & O_ACCMODE) == O_RDWR ? 0 : -1);
    step("close copy", close(copy));
}

static void append_with_stdio(void) {
    char line[64];
    FILE *file = fopen("one", "a+");
    if (step("fopen one", file ? 0 : -1) < 0)
        return;
    step("fprintf", fprintf(file, " and line %d\nanother\n", 1));
    rewind(file);
    while (fgets(line, sizeof line, file))
        printf("  %s", line);
    step("fclose", fclose(file));
}

static void names(void) {
    struct stat facts;
    char target[64] = "";
    step("mkdir sub", mkdir("sub", 0755));
    step("mkdir sub again", mkdir("sub", 0755));
    step("rename one to sub/two", rename("one", "sub/two"));
    step("symlink", symlink("sub/two", "link"));
    step("readlink", readlink("link", target, sizeof target - 1));
    printf("  %s\n", target);
    show_facts("stat link", stat("link", &facts), &facts);
    show_facts("lstat link", lstat("link", &facts), &facts);
    show_facts("stat sub", stat("sub", &facts), &facts);
    show_facts("stat one", stat("one", &facts), &facts);
    step("access link", access("link", R_OK));
    step("access one", access("one", R_OK));
    list(".");
    list("sub");
    list("nowhere");
}

static void mistakes(void) {
    char byte;
    void *volatile null = NULL; /* volatile, or the compiler warns of the mistake meant below */
    int fd = opened("open sub", open("sub", O_RDONLY | O_DIRECTORY));
    step("read a directory", read(fd, &byte, 1));
    step("close", close(fd));
    step("write a directory", open("sub", O_WRONLY));
    step("enter a file", open("sub/two/three", O_RDONLY));
    step("open without a name", open("", O_RDONLY));
    fd = opened("open sub/two to read", open("sub/two", O_RDONLY));
    step("write to it", write(fd, "x", 1));
    step("read into null", read(fd, null, 1));
    step("close", close(fd));
    step("rmdir sub", rmdir("sub"));
    step("unlink sub", unlink("sub"));
}

static void clean_up(void) {
    step("unlink link", unlink("link"));
    step("unlink sub/two", unlink("sub/two"));
    step("rmdir sub", rmdir("sub"));
    step("unlink one", unlink("one"));
    list(".");
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    umask(022);
    if (step("chdir", chdir(argv[1])) < 0)
        return 1;
    write_and_read();
    append_with_stdio();
    names();
    mistakes();
    clean_up();
    printf("%d steps failed\n", failures);
    return 0;
}
