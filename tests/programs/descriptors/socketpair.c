// A pair of connected sockets: both ways, end of file, shutdown.
#include "../show.h"
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int s[2];
    char text[32] = {0};
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    SHOW(write(s[0], "hello", 5));
    SHOW(send(s[1], "there", 5, 0));
    SHOW(read(s[1], text, 31));
    puts(text);
    SHOW(recv(s[0], text, 31, 0));
    puts(text);
    SHOW(recv(s[0], text, 31, MSG_DONTWAIT));
    struct stat st;
    SHOW(fstat(s[0], &st));
    IS(S_ISSOCK(st.st_mode));
    SHOW(shutdown(s[0], SHUT_WR));
    SHOW(read(s[1], text, 31));
    SHOW(write(s[1], "x", 1));
    SHOW(close(s[0]));
    SHOW(send(s[1], "x", 1, MSG_NOSIGNAL));
    SHOW(socketpair(AF_UNIX, 77, 0, s));
}
