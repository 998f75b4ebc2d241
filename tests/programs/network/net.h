// Addresses of the loopback interface, and what poll says.
#ifndef NET_H
#define NET_H

#include "../show.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ADDRESS(a) (struct sockaddr *)&(a), sizeof(a)

static inline struct sockaddr_in v4(const char *address, int port) {
    struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &result.sin_addr);
    return result;
}

static inline struct sockaddr_in6 v6(const char *address, int port) {
    struct sockaddr_in6 result = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    inet_pton(AF_INET6, address, &result.sin6_addr);
    return result;
}

// Binds to a free port of an address, and tells which one.
static inline int bound4(int fd, const char *address) {
    struct sockaddr_in a = v4(address, 0);
    socklen_t length = sizeof a;
    if (bind(fd, ADDRESS(a)) != 0 || getsockname(fd, (void *)&a, &length) != 0) exit(1);
    return ntohs(a.sin_port);
}

static inline int bound6(int fd, const char *address) {
    struct sockaddr_in6 a = v6(address, 0);
    socklen_t length = sizeof a;
    if (bind(fd, ADDRESS(a)) != 0 || getsockname(fd, (void *)&a, &length) != 0) exit(1);
    return ntohs(a.sin6_port);
}

static inline int events(int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT | POLLRDHUP};
    poll(&p, 1, 0);
    return p.revents;
}

// Waits until any of these events holds: packets take a moment where they travel.
static inline int eventsOnce(int fd, int wanted) {
    struct pollfd p = {fd, wanted};
    poll(&p, 1, 5000);
    return events(fd);
}

static inline int option(int fd, int level, int name) {
    int value = -1;
    socklen_t length = sizeof value;
    if (getsockopt(fd, level, name, &value, &length) != 0) return -errno;
    return value;
}

static inline int set(int fd, int level, int name, int value) {
    return setsockopt(fd, level, name, &value, sizeof value);
}

#endif
