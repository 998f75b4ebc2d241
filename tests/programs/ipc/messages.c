// Datagrams and sequenced packets: whole, cut, empty, waited for, too long.
#include "../show.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char large[300000];

static void try(int type) {
    int s[2], n;
    char text[16];
    SHOW(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, s));
    SHOW(write(s[0], "", 0));
    SHOW(writev(s[0], (struct iovec[]){{"ab", 2}, {"cd", 2}}, 2));
    SHOW(send(s[0], "efghij", 6, 0));
    SHOW(recv(s[1], text, 16, 0));
    SHOW(ioctl(s[1], FIONREAD, &n));
    SHOW(n);
    SHOW(recv(s[1], text, 16, MSG_PEEK));
    char a, b;
    SHOW(readv(s[1], (struct iovec[]){{&a, 1}, {&b, 1}}, 2));
    SHOW(a);
    SHOW(b);
    SHOW(recv(s[1], text, 3, MSG_TRUNC));
    SHOW(recv(s[1], text, 3, 0));
    SHOW(recv(s[1], text, 3, MSG_OOB));
    SHOW(send(s[0], large, sizeof large, 0));
    struct pollfd p = {s[0], POLLIN | POLLOUT};
    SHOW(poll(&p, 1, 0));
    printf("%x\n", p.revents);
    SHOW(shutdown(s[1], SHUT_RD));
    SHOW(send(s[0], "x", 1, 0));
    SHOW(shutdown(s[1], SHUT_RDWR));
    p.fd = s[1];
    SHOW(poll(&p, 1, 0));
    printf("%x\n", p.revents);
    SHOW(recv(s[1], text, 3, 0));
    close(s[1]);
    SHOW(send(s[0], "x", 1, 0));
    p = (struct pollfd){s[0], POLLIN | POLLOUT | POLLRDHUP};
    SHOW(poll(&p, 1, 0));
    printf("%x\n", p.revents);
}

int main(void) {
    try(SOCK_DGRAM);
    try(SOCK_SEQPACKET);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    char c;
    SHOW(read(s, &c, 1));
    SHOW(send(s, &c, 1, MSG_NOSIGNAL));
    struct pollfd p = {s, POLLIN | POLLOUT};
    SHOW(poll(&p, 1, 0));
    printf("%x\n", p.revents);
    SHOW(shutdown(s, 9));
    SHOW(listen(s, 1));
}
