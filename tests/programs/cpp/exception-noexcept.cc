// An exception out of a noexcept function ends the program with the usual message.
#include <cstdio>
#include <stdexcept>

static void promises() noexcept { throw std::runtime_error("broken promise"); }

int main() {
    puts("before");
    fflush(stdout);
    try {
        promises();
    } catch (...) {
        puts("never");
    }
}
