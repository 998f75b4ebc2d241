// An exception that nobody catches: terminate, with a handler of one's own, and SIGABRT.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

struct Never {
    ~Never() { puts("perhaps unwound"); }
};

int main() {
    std::set_terminate([] {
        try {
            std::rethrow_exception(std::current_exception());
        } catch (const std::exception &e) {
            printf("terminate: %s\n", e.what());
        }
        fflush(stdout);
        abort();
    });
    throw std::runtime_error("nobody");
}
