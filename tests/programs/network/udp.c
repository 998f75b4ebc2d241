// network: loopback
// Datagrams by UDP: who gets them, who is told that nobody is there, and where they come from. And IPv6.
#include "net.h"

static char text[64];

static void from(int fd) {
    struct sockaddr_in a;
    socklen_t length = sizeof a;
    memset(text, 0, sizeof text);
    long count = recvfrom(fd, text, 63, 0, (void *)&a, &length);
    printf("%ld %s %s %d\n", count, text, inet_ntoa(a.sin_addr), length);
}

static void plain(void) {
    int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in a, far = v4("127.0.0.1", 0);
    socklen_t length = sizeof a;
    printf("%x\n", events(c));
    SHOW(send(c, "x", 1, 0));
    SHOW(sendto(c, "x", 1, 0, ADDRESS(far)));
    SHOW(recv(c, text, 1, MSG_DONTWAIT));
    SHOW(listen(c, 1));
    SHOW(accept(c, 0, 0));
    int port = bound4(s, "127.0.0.1");
    far = v4("127.0.0.1", port);
    SHOW(sendto(c, "hello", 5, 0, ADDRESS(far)));
    getsockname(c, (void *)&a, &length);
    IS(ntohs(a.sin_port) != 0 && a.sin_addr.s_addr == 0);
    printf("%x\n", eventsOnce(s, POLLIN));
    from(s);
    SHOW(sendto(c, "", 0, 0, ADDRESS(far)));
    SHOW(sendto(c, "a long one", 10, 0, ADDRESS(far)));
    eventsOnce(s, POLLIN);
    from(s);
    SHOW(recv(s, text, 3, MSG_TRUNC));
    SHOW(recv(s, text, 3, MSG_DONTWAIT));
    static char large[65508];
    SHOW(sendto(c, large, 65508, 0, ADDRESS(far)));
    SHOW(sendto(c, large, 65507, 0, ADDRESS(far)));
    eventsOnce(s, POLLIN);
    SHOW(recv(s, large, sizeof large, 0));
    SHOW(shutdown(c, SHUT_RDWR));
    SHOW(sendto(c, "x", 1, MSG_NOSIGNAL, ADDRESS(far)));
    close(s), close(c);
}

static void connected(void) {
    int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0), third = socket(AF_INET, SOCK_DGRAM, 0);
    int port = bound4(s, "127.0.0.1");
    struct sockaddr_in far = v4("127.0.0.1", port), a;
    socklen_t length = sizeof a;
    SHOW(connect(c, ADDRESS(far)));
    SHOW(getsockname(c, (void *)&a, &length));
    IS(a.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
    SHOW(getpeername(c, (void *)&far, &length));
    IS(ntohs(far.sin_port) == port);
    SHOW(write(c, "by write", 8));
    eventsOnce(s, POLLIN);
    from(s);
    // One that is connected hears its peer alone.
    SHOW(sendto(third, "stranger", 8, 0, ADDRESS(a)));
    SHOW(sendto(s, "friend", 6, 0, ADDRESS(a)));
    eventsOnce(c, POLLIN);
    from(c);
    SHOW(recv(c, text, 9, MSG_DONTWAIT));
    close(s);
    SHOW(write(c, "lost", 4));
    printf("%x\n", eventsOnce(c, POLLERR));
    SHOW(write(c, "lost", 4));
    SHOW(write(c, "lost", 4));
    eventsOnce(c, POLLERR);
    SHOW(recv(c, text, 9, 0));
    SHOW(sendto(third, "lost", 4, 0, ADDRESS(far)));
    SHOW(recv(third, text, 9, MSG_DONTWAIT));
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    SHOW(connect(c, ADDRESS(none)));
    SHOW(getpeername(c, (void *)&a, &length));
    SHOW(write(c, "x", 1));
    close(c), close(third);
}

static void sixth(void) {
    int s = socket(AF_INET6, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), d = socket(AF_INET6, SOCK_STREAM, 0);
    int port = bound6(s, "::");
    struct sockaddr_in near = v4("127.0.0.1", port);
    struct sockaddr_in6 six = v6("::1", port), mapped = v6("::ffff:127.0.0.1", port), a;
    socklen_t length = sizeof a;
    char name[64];
    SHOW(listen(s, 4));
    SHOW(connect(c, ADDRESS(near)));
    int end = accept(s, (void *)&a, &length);
    IS(end >= 0);
    printf("%s %d\n", inet_ntop(AF_INET6, &a.sin6_addr, name, sizeof name), length);
    SHOW(connect(d, ADDRESS(six)));
    int other = accept(s, (void *)&a, &length);
    printf("%s\n", inet_ntop(AF_INET6, &a.sin6_addr, name, sizeof name));
    SHOW(getsockname(other, (void *)&a, &length));
    printf("%s\n", inet_ntop(AF_INET6, &a.sin6_addr, name, sizeof name));
    close(d), close(other);
    d = socket(AF_INET6, SOCK_STREAM, 0);
    SHOW(connect(d, ADDRESS(near)));
    SHOW(connect(d, ADDRESS(mapped)));
    SHOW(option(d, IPPROTO_IPV6, IPV6_V6ONLY));
    SHOW(set(d, IPPROTO_IPV6, IPV6_V6ONLY, 1));
    close(c), close(d), close(end), close(s);
    s = socket(AF_INET6, SOCK_STREAM, 0);
    SHOW(set(s, IPPROTO_IPV6, IPV6_V6ONLY, 1));
    port = bound6(s, "::");
    SHOW(listen(s, 4));
    c = socket(AF_INET, SOCK_STREAM, 0);
    near = v4("127.0.0.1", port);
    SHOW(bind(c, ADDRESS(near)));
    close(c);
    c = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(connect(c, ADDRESS(near)));
    close(c), close(s);
}

int main(void) {
    setvbuf(stdout, 0, _IONBF, 0);
    plain();
    connected();
    sixth();
    return 0;
}
