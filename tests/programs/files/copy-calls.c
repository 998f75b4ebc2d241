// sendfile and copy_file_range between files.
#include "../show.h"
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void) {
    int in = open("in", O_CREAT | O_RDWR, 0644);
    int out = open("out", O_CREAT | O_RDWR, 0644);
    write(in, "0123456789", 10);
    off_t at = 2;
    SHOW(sendfile(out, in, &at, 5));
    printf("at %ld\n", (long)at);
    SHOW(lseek(in, 0, SEEK_CUR));
    SHOW(lseek(in, 1, SEEK_SET));
    SHOW(sendfile(out, in, NULL, 100));
    SHOW(lseek(in, 0, SEEK_CUR));
    char text[32] = {0};
    SHOW(pread(out, text, 31, 0));
    puts(text);
    loff_t from = 8, to = 0;
    SHOW(copy_file_range(in, &from, out, &to, 10, 0));
    printf("from %ld to %ld\n", (long)from, (long)to);
    SHOW(pread(out, text, 31, 0));
    puts(text);
    SHOW(copy_file_range(in, &from, out, &to, 10, 0));
    SHOW(copy_file_range(in, &from, out, &to, 10, 1));
    SHOW(sendfile(99, in, NULL, 1));
    SHOW(sendfile(out, 99, NULL, 1));
    int ro = open("in", O_RDONLY);
    SHOW(sendfile(ro, in, NULL, 1));
}
