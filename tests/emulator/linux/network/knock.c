// Connects to a port of 127.0.0.1, and to an address elsewhere; prints what came of it.
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void knock(const char *address, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &to.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int result = fd < 0 ? fd : connect(fd, (void *)&to, sizeof to);
    puts(result == 0 ? "connected" : strerrorname_np(errno));
}

int main(int argc, char **argv) {
    knock("127.0.0.1", atoi(argv[1]));
    knock("192.0.2.1", 80);
    return argc != 2;
}
