// flags: -pthread
// Exceptions in several threads at once, and one carried over by a future.
#include <cstdio>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

static int work(int seed) {
    int sum = 0;
    for (int i = 0; i < 100; i++) try {
            if ((i + seed) % 2) throw i;
            sum--;
        } catch (int n) {
            sum += n;
        }
    return sum;
}

int main() {
    std::vector<std::thread> threads;
    int results[4] = {};
    for (int i = 0; i < 4; i++) threads.emplace_back([&results, i] { results[i] = work(i); });
    for (auto &t : threads) t.join();
    printf("%d %d %d %d\n", results[0], results[1], results[2], results[3]);
    auto f = std::async(std::launch::async, []() -> int { throw std::runtime_error("from afar"); });
    try {
        f.get();
    } catch (const std::exception &e) {
        puts(e.what());
    }
    auto g = std::async(std::launch::async, [] { return 6 * 7; });
    printf("%d\n", g.get());
}
