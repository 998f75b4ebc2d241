// witness: native, because QEMU hands on more room for descriptors than it was given.
// Descriptors that travel in messages: they are the same files under other numbers, and closed where there is no room.
#include "../show.h"
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static ssize_t pass(int s, const int *fds, int count) {
    char control[CMSG_SPACE(sizeof(int) * 4)] = {0};
    struct iovec piece = {"ab", 2};
    struct msghdr m = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control};
    m.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(c), fds, sizeof(int) * count);
    return sendmsg(s, &m, 0);
}

static int take(int s, int room, int flags) {
    char control[256] = {0}, text[16];
    struct iovec piece = {text, sizeof text};
    struct msghdr m = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = room};
    SHOW(recvmsg(s, &m, flags));
    SHOW(m.msg_flags & (MSG_CTRUNC | MSG_TRUNC));
    SHOW(m.msg_controllen);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (!c || c->cmsg_type != SCM_RIGHTS) return -1;
    SHOW(c->cmsg_len);
    return *(int *)CMSG_DATA(c);
}

int main(void) {
    int s[2], p[2], fd;
    char text[9] = {0};
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    pipe(p);
    SHOW(pass(s[0], &p[1], 1));
    SHOW(close(p[1]));
    fd = take(s[1], CMSG_SPACE(sizeof(int)), MSG_CMSG_CLOEXEC);
    IS(fd >= 0);
    SHOW(fcntl(fd, F_GETFD));
    SHOW(write(fd, "via", 3));
    SHOW(read(p[0], text, 8));
    puts(text);
    SHOW(pass(s[0], (int[]){fd, fd}, 2));
    SHOW(pass(s[0], &fd, 1));
    close(fd);
    IS(take(s[1], CMSG_SPACE(sizeof(int)) - 4, 0) >= 0);
    SHOW(read(s[1], text, 8));
    SHOW(pass(s[0], (int[]){99}, 1));
    int n = 1;
    struct { int pid, uid, gid; } who;
    socklen_t length = sizeof n;
    SHOW(getsockopt(s[0], SOL_SOCKET, SO_TYPE, &n, &length));
    SHOW(n);
    length = sizeof who;
    SHOW(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &who, &length));
    IS(who.pid == getpid() && who.uid == getuid());
    SHOW(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof n));
    SHOW(write(s[0], "c", 1));
    IS(take(s[1], 64, 0));
    SHOW(getsockopt(s[0], SOL_SOCKET, 9999, &n, &length));
    SHOW(setsockopt(s[0], 77, 1, &n, sizeof n));
    SHOW(getsockopt(p[0], SOL_SOCKET, SO_TYPE, &n, &length));
}
