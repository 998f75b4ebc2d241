// Local sockets with names, abstract ones and paths: who may bind, connect and accept, and what they are told.
#include "../show.h"
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un named(const char *name, socklen_t *length) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, name, strlen(name + 1) + 1);
    *length = offsetof(struct sockaddr_un, sun_path) + strlen(name + 1) + 1;
    return address;
}

static void try(const char *name, int type) {
    socklen_t length;
    struct sockaddr_un address = named(name, &length), got;
    int server = socket(AF_UNIX, type, 0), client = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);
    char text[32] = {0};
    SHOW(connect(client, (void *)&address, length));
    SHOW(bind(server, (void *)&address, length));
    SHOW(bind(server, (void *)&address, length));
    SHOW(bind(client, (void *)&address, length));
    SHOW(connect(client, (void *)&address, length));
    SHOW(listen(server, 1));
    SHOW(connect(client, (void *)&address, length));
    SHOW(connect(client, (void *)&address, length));
    struct pollfd p = {server, POLLIN};
    SHOW(poll(&p, 1, 0));
    SHOW(write(client, "hello", 5));
    int end = accept4(server, 0, 0, SOCK_CLOEXEC);
    IS(end >= 0);
    SHOW(read(end, text, 31));
    puts(text);
    socklen_t room = sizeof got;
    SHOW(getsockname(end, (void *)&got, &room));
    IS(room == length || room == length + 1);
    room = sizeof got;
    SHOW(getpeername(end, (void *)&got, &room));
    SHOW(room);
    room = sizeof got;
    SHOW(getpeername(client, (void *)&got, &room));
    SHOW(memcmp(got.sun_path, address.sun_path, 5));
    int other = socket(AF_UNIX, type == SOCK_STREAM ? SOCK_SEQPACKET : SOCK_STREAM, 0);
    SHOW(connect(other, (void *)&address, length));
    SHOW(close(client));
    SHOW(read(end, text, 31));
    SHOW(send(end, "x", 1, MSG_NOSIGNAL));
    SHOW(close(server));
    unlink(name);
    SHOW(connect(other, (void *)&address, length));
}

int main(void) {
    try("\0abstract", SOCK_STREAM);
    try("./path", SOCK_STREAM);
    try("\0packets", SOCK_SEQPACKET);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int s = socket(AF_UNIX, SOCK_DGRAM, 0), t = socket(AF_UNIX, SOCK_DGRAM, 0);
    SHOW(bind(s, (void *)&address, 2));
    socklen_t length = sizeof address;
    SHOW(getsockname(s, (void *)&address, &length));
    SHOW(length);
    char text[9];
    SHOW(sendto(t, "data", 4, 0, (void *)&address, length));
    SHOW(sendto(t, "data", 4, 0, 0, 0));
    SHOW(recvfrom(s, text, 2, MSG_TRUNC, (void *)&address, &length));
    SHOW(length);
    SHOW(listen(s, 1));
    SHOW(accept(s, 0, 0));
    SHOW(connect(t, (void *)&address, 1));
    SHOW(connect(t, (void *)&address, 111));
    address.sun_family = AF_INET;
    SHOW(connect(t, (void *)&address, sizeof address));
    SHOW(socket(AF_UNIX, SOCK_STREAM, 99));
    SHOW(socket(AF_UNIX, 9, 0));
    SHOW(socket(-1, SOCK_STREAM, 0));
    SHOW(socket(99, SOCK_STREAM, 0));
}
