// network: loopback
// witness: native, because QEMU 7.2 does not look at the timeout of recvmmsg
// flags: -D_GNU_SOURCE
// Several messages by one call: all of them, some of them, and what is told of an error behind the first.
#include "net.h"
#include <sys/un.h>
#include <time.h>

static struct mmsghdr messages[4];
static struct iovec pieces[4];
static char texts[4][16];

static void prepare(int length) {
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < 4; i++) {
        pieces[i] = (struct iovec){texts[i], length ? length : (int)sizeof texts[i]};
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_len = 99;
    }
}

static void lengths(void) {
    for (int i = 0; i < 4; i++) printf("%u ", messages[i].msg_len);
    puts("");
}

static void with(int in, int out) {
    for (int i = 0; i < 4; i++) memset(texts[i], 'a' + i, 16);
    prepare(3);
    SHOW(sendmmsg(out, messages, 3, 0));
    lengths();
    memset(texts, 0, sizeof texts);
    prepare(0);
    eventsOnce(in, POLLIN);
    SHOW(recvmmsg(in, messages, 4, MSG_DONTWAIT, 0));
    lengths();
    printf("%s %s %s\n", texts[0], texts[1], texts[2]);
    SHOW(recvmmsg(in, messages, 4, MSG_DONTWAIT, 0));
    prepare(2);
    SHOW(sendmmsg(out, messages, 2, 0));
    prepare(0);
    eventsOnce(in, POLLIN);
    SHOW(recvmmsg(in, messages, 4, MSG_WAITFORONE, 0));
    lengths();
    // The timeout is looked at behind a message: this one does not wait for a second.
    prepare(2);
    SHOW(sendmmsg(out, messages, 1, 0));
    prepare(0);
    struct timespec none = {0, 0}, bad = {0, 1000000000};
    eventsOnce(in, POLLIN);
    SHOW(recvmmsg(in, messages, 4, 0, &none));
    SHOW(recvmmsg(in, messages, 4, 0, &bad));
    SHOW(recvmmsg(in, messages, 0, 0, 0));
    SHOW(sendmmsg(out, messages, 0, 0));
    prepare(2);
    messages[1].msg_hdr.msg_iov = (void *)8;
    SHOW(sendmmsg(out, messages, 3, 0));
    lengths();
    SHOW(recv(in, texts[0], 16, 0));
    SHOW(sendmmsg(out, (void *)8, 1, 0));
    // One that waits for all of them.
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 4; i++) {
            usleep(10000);
            send(out, "word", 4, 0);
        }
        _exit(0);
    }
    prepare(0);
    SHOW(recvmmsg(in, messages, 4, 0, 0));
    lengths();
    int status;
    wait(&status);
}

static void woken(int signal) { (void)signal; }

int main(void) {
    setvbuf(stdout, 0, _IONBF, 0);
    int two[2], s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, two);
    with(two[0], two[1]);
    int port = bound4(s, "127.0.0.1");
    struct sockaddr_in a = v4("127.0.0.1", port);
    SHOW(connect(c, ADDRESS(a)));
    with(s, c);
    // A signal behind the first message: what was received is told.
    struct sigaction act = {.sa_handler = woken, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &act, 0);
    SHOW(send(c, "one", 3, 0));
    prepare(0);
    alarm(1);
    SHOW(recvmmsg(s, messages, 4, 0, 0));
    lengths();
    return 0;
}
