// flags: -fnon-call-exceptions -fasynchronous-unwind-tables
// An exception thrown by a signal handler, through the frame that the kernel made.
#include <csignal>
#include <cstdio>

struct Noisy {
    ~Noisy() { puts("unwound"); }
};
static void handler(int sig) { throw sig; }
__attribute__((noinline)) static int touch(volatile int *p) {
    Noisy noisy;
    return *p;
}

int main() {
    struct sigaction sa = {};
    sa.sa_handler = handler;
    sa.sa_flags = SA_NODEFER;
    sigaction(SIGSEGV, &sa, nullptr);
    for (int i = 0; i < 3; i++) try {
            printf("%d\n", touch(reinterpret_cast<int *>(8)));
        } catch (int sig) {
            printf("caught %d\n", sig == SIGSEGV);
        }
}
