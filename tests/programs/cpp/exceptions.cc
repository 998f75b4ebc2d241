// Exceptions: through frames with destructors, by base class, rethrown, nested, from constructors.
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

struct Noisy {
    const char *name;
    explicit Noisy(const char *n) : name(n) { printf("+%s ", name); }
    ~Noisy() { printf("-%s ", name); }
};
struct Fails {
    Noisy member{"member"};
    Fails() { throw std::runtime_error("constructor"); }
};
static int deep(int n) {
    Noisy noisy("frame");
    if (n == 0) throw std::out_of_range("deep");
    return deep(n - 1) + 1;
}

int main() {
    try {
        deep(3);
    } catch (const std::logic_error &e) {
        printf("logic %s\n", e.what());
    }
    try {
        try {
            Fails f;
        } catch (...) {
            printf("rethrow ");
            throw;
        }
    } catch (std::exception &e) {
        printf("%s\n", e.what());
    }
    try {
        try {
            throw 1;
        } catch (int) {
            std::throw_with_nested(std::string("outer"));
        }
    } catch (const std::string &s) {
        printf("%s %d\n", s.c_str(), std::uncaught_exceptions());
    }
    std::exception_ptr saved;
    try {
        throw 42L;
    } catch (...) {
        saved = std::current_exception();
    }
    try {
        std::rethrow_exception(saved);
    } catch (long n) {
        printf("%ld\n", n);
    }
    try {
        throw static_cast<const char *>("text");
    } catch (char *) {
        puts("no");
    } catch (const char *s) {
        puts(s);
    }
    long sum = 0;
    for (int i = 0; i < 200; i++) try {
            if (i % 3 == 0) throw i;
            sum += 1;
        } catch (int n) {
            sum += n;
        }
    printf("%ld\n", sum);
}
