// flags: -pthread
// A function's static is made once, though many threads come at the same time; one attempt that throws is done again.
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

static std::atomic<int> attempts;
struct Slow {
    int value;
    Slow() {
        if (attempts++ == 0) throw 1;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        value = 42;
    }
};

int main() {
    std::atomic<int> sum{0}, failures{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++) threads.emplace_back([&] {
            try {
                static Slow slow;
                sum += slow.value;
            } catch (int) {
                failures++;
            }
        });
    for (auto &t : threads) t.join();
    printf("%d %d %d\n", attempts.load(), sum.load(), failures.load());
}
