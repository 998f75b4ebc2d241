// flags: -std=c++20
// A generator made of a coroutine.
#include <coroutine>
#include <cstdio>

struct Generator {
    struct promise_type {
        int value = 0;
        Generator get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(int v) {
            value = v;
            return {};
        }
        void return_void() {}
        void unhandled_exception() { throw; }
    };
    std::coroutine_handle<promise_type> handle;
    ~Generator() { handle.destroy(); }
    bool next() { return handle.resume(), !handle.done(); }
};

static Generator fibonacci(int limit) {
    int a = 0, b = 1;
    while (a < limit) {
        co_yield a;
        int c = a + b;
        a = b, b = c;
    }
    throw "limit";
}

int main() {
    auto g = fibonacci(100);
    try {
        while (g.next()) printf("%d ", g.handle.promise().value);
    } catch (const char *s) {
        puts(s);
    }
}
