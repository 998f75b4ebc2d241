// network: loopback
// TCP from one end of a connection to its other end, and what each is told.
#include "net.h"

static char text[64];

static int take(int fd) {
    memset(text, 0, sizeof text);
    return read(fd, text, sizeof text - 1);
}

static void pair(int listener, int port, int *client, int *server) {
    struct sockaddr_in a = v4("127.0.0.1", port);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(*client, ADDRESS(a)) != 0) exit(2);
    *server = accept(listener, 0, 0);
}

static void kinds(void) {
    SHOW(socket(AF_INET, SOCK_SEQPACKET, 0));
    SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    SHOW(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
    int two[2];
    SHOW(socketpair(AF_INET, SOCK_STREAM, 0, two));
}

static void alone(void) {
    int s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in a;
    socklen_t length = sizeof a;
    printf("%x\n", events(s));
    SHOW(read(s, text, 1));
    SHOW(send(s, "x", 1, MSG_NOSIGNAL));
    SHOW(getpeername(s, (void *)&a, &length));
    SHOW(getsockname(s, (void *)&a, &length));
    printf("%s %d %d\n", inet_ntoa(a.sin_addr), ntohs(a.sin_port), length);
    SHOW(shutdown(s, SHUT_WR));
    SHOW(accept(s, 0, 0));
    printf("%d %d %d %d\n", option(s, SOL_SOCKET, SO_DOMAIN), option(s, SOL_SOCKET, SO_TYPE),
           option(s, SOL_SOCKET, SO_PROTOCOL), option(s, SOL_SOCKET, SO_ACCEPTCONN));
    SHOW(set(s, IPPROTO_TCP, TCP_NODELAY, 1));
    SHOW(option(s, IPPROTO_TCP, TCP_NODELAY));
    SHOW(set(s, SOL_SOCKET, SO_KEEPALIVE, 7));
    SHOW(option(s, SOL_SOCKET, SO_KEEPALIVE));
    SHOW(option(s, IPPROTO_IPV6, IPV6_V6ONLY));
    SHOW(set(s, IPPROTO_IPV6, IPV6_V6ONLY, 1));
    SHOW(set(s, IPPROTO_TCP, 12345, 1));
    close(s);
}

static void names(void) {
    int s = socket(AF_INET, SOCK_STREAM, 0), other = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in far = v4("192.0.2.1", 0), low = v4("127.0.0.1", 0);
    struct sockaddr_in6 wrong = v6("::1", 0);
    SHOW(bind(s, ADDRESS(far)));
    SHOW(bind(s, (void *)&low, 8));
    SHOW(bind(s, ADDRESS(wrong)));
    int port = bound4(s, "127.0.0.1");
    IS(port >= 1024);
    low = v4("127.0.0.1", port);
    SHOW(bind(s, ADDRESS(low)));
    SHOW(bind(other, ADDRESS(low)));
    low = v4("127.0.0.2", port);
    SHOW(bind(other, ADDRESS(low)));
    close(other);
    other = socket(AF_INET, SOCK_STREAM, 0);
    low = v4("0.0.0.0", port);
    SHOW(bind(other, ADDRESS(low)));
    SHOW(set(s, SOL_SOCKET, SO_REUSEADDR, 1));
    SHOW(set(other, SOL_SOCKET, SO_REUSEADDR, 1));
    SHOW(bind(other, ADDRESS(low)));
    close(s), close(other);
    s = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(bind(s, ADDRESS(low)));
    SHOW(listen(s, 1));
    SHOW(option(s, SOL_SOCKET, SO_ACCEPTCONN));
    other = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(bind(other, ADDRESS(low)));
    close(s), close(other);
}

static void refused(void) {
    int s = socket(AF_INET, SOCK_STREAM, 0), held = socket(AF_INET, SOCK_STREAM, 0);
    int port = bound4(held, "127.0.0.1");
    struct sockaddr_in a = v4("127.0.0.1", port);
    SHOW(connect(s, ADDRESS(a)));
    SHOW(connect(s, ADDRESS(a)));
    close(s);
    s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    SHOW(connect(s, ADDRESS(a)));
    printf("%x\n", eventsOnce(s, POLLOUT));
    SHOW(option(s, SOL_SOCKET, SO_ERROR));
    SHOW(option(s, SOL_SOCKET, SO_ERROR));
    SHOW(listen(held, 1));
    SHOW(connect(s, ADDRESS(a)));
    printf("%x\n", eventsOnce(s, POLLOUT));
    SHOW(option(s, SOL_SOCKET, SO_ERROR));
    SHOW(connect(s, ADDRESS(a)));
    SHOW(connect(s, ADDRESS(a)));
    close(s), close(held);
}

static void talk(int listener, int port) {
    int client, server;
    struct sockaddr_in a, b;
    socklen_t length = sizeof a;
    SHOW(accept(listener, 0, 0));
    pair(listener, port, &client, &server);
    IS(server >= 0);
    getsockname(client, (void *)&a, &length);
    getpeername(server, (void *)&b, &length);
    IS(a.sin_port == b.sin_port && a.sin_addr.s_addr == htonl(INADDR_LOOPBACK) && a.sin_addr.s_addr == b.sin_addr.s_addr);
    getpeername(client, (void *)&a, &length);
    getsockname(server, (void *)&b, &length);
    IS(ntohs(a.sin_port) == port && ntohs(b.sin_port) == port && b.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
    printf("%x %x\n", events(client), events(server));
    SHOW(write(client, "to the server", 13));
    eventsOnce(server, POLLIN);
    length = 99;
    SHOW(recvfrom(server, text, 6, MSG_PEEK, (void *)&a, &length));
    SHOW(length);
    SHOW(take(server));
    puts(text);
    a = v4("127.0.0.1", 1);
    SHOW(sendto(server, "to the client", 13, 0, ADDRESS(a)));
    eventsOnce(client, POLLIN);
    SHOW(take(client));
    puts(text);
    SHOW(recv(client, text, 1, MSG_DONTWAIT));
    // Each side ends for itself.
    SHOW(shutdown(client, SHUT_WR));
    printf("%x\n", eventsOnce(server, POLLIN));
    SHOW(take(server));
    SHOW(write(server, "still", 5));
    eventsOnce(client, POLLIN);
    printf("%x\n", events(client));
    SHOW(take(client));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    SHOW(shutdown(server, SHUT_WR));
    printf("%x %x\n", eventsOnce(client, POLLHUP), events(server));
    SHOW(take(client));
    close(client), close(server);
}

static void endings(int listener, int port) {
    int client, server;
    // The other side has closed: it takes one more, and answers with a reset.
    pair(listener, port, &client, &server);
    SHOW(write(server, "last", 4));
    close(server);
    printf("%x\n", eventsOnce(client, POLLRDHUP));
    SHOW(send(client, "one", 3, MSG_NOSIGNAL));
    printf("%x\n", eventsOnce(client, POLLERR));
    SHOW(send(client, "two", 3, MSG_NOSIGNAL));
    SHOW(take(client));
    SHOW(take(client));
    close(client);
    // It has closed, and had not read everything.
    pair(listener, port, &client, &server);
    SHOW(write(client, "unread", 6));
    eventsOnce(server, POLLIN);
    close(server);
    printf("%x\n", eventsOnce(client, POLLERR));
    SHOW(take(client));
    SHOW(take(client));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    close(client);
    pair(listener, port, &client, &server);
    SHOW(write(client, "unread", 6));
    eventsOnce(server, POLLIN);
    close(server);
    eventsOnce(client, POLLERR);
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    close(client);
    // Waiting to be accepted when the listener goes.
    struct sockaddr_in a = v4("127.0.0.1", port);
    client = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(connect(client, ADDRESS(a)));
    close(listener);
    printf("%x\n", eventsOnce(client, POLLERR));
    SHOW(take(client));
    close(client);
}

static void much(void) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), client, server;
    struct sockaddr_in any = v4("0.0.0.0", 0);
    socklen_t length = sizeof any;
    SHOW(bind(listener, ADDRESS(any)));
    SHOW(listen(listener, 5));
    getsockname(listener, (void *)&any, &length);
    static unsigned char bytes[1 << 20];
    unsigned sum = 0, expected = 0;
    for (unsigned i = 0; i < sizeof bytes; i++) expected += bytes[i] = i * 7 + (i >> 8);
    pair(listener, ntohs(any.sin_port), &client, &server);
    pid_t child = fork();
    if (child == 0) {
        close(server);
        _exit(write(client, bytes, sizeof bytes) != sizeof bytes);
    }
    close(client);
    long total = 0;
    for (long count; (count = read(server, bytes, 30000)) > 0; total += count)
        for (long i = 0; i < count; i++) sum += bytes[i];
    printf("%ld %d\n", total, sum == expected);
    int status;
    wait(&status);
    SHOW(status);
    close(server), close(listener);
}

static void timeouts(void) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), client, server;
    int port = bound4(listener, "127.0.0.1");
    listen(listener, 1);
    struct timeval brief = {0, 20000}, got, bad = {0, 1000000};
    socklen_t length = sizeof got;
    SHOW(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &bad, sizeof bad));
    SHOW(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &brief, 8));
    SHOW(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief));
    SHOW(getsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &got, &length));
    printf("%ld %ld %d\n", (long)got.tv_sec, (long)got.tv_usec, length);
    SHOW(accept(listener, 0, 0));
    pair(listener, port, &client, &server);
    SHOW(setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief));
    SHOW(read(client, text, 1));
    SHOW(recv(client, text, 1, 0));
    SHOW(setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &brief, sizeof brief));
    static char bytes[1 << 24];
    long sent = write(client, bytes, sizeof bytes);
    IS(sent > 0 && sent < (long)sizeof bytes);
    SHOW(send(client, bytes, sizeof bytes, 0));
    close(client), close(server), close(listener);
}

int main(void) {
    setvbuf(stdout, 0, _IONBF, 0);
    kinds();
    alone();
    names();
    refused();
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int port = bound4(listener, "127.0.0.1");
    SHOW(listen(listener, 8));
    printf("%x\n", events(listener));
    talk(listener, port);
    endings(listener, port);
    much();
    timeouts();
    return 0;
}
