// flags: -pthread
// thread_local objects: made at first use in each thread, dropped at its end.
#include <atomic>
#include <cstdio>
#include <thread>

static std::atomic<int> made, dropped;
struct Counted {
    int uses = 0;
    Counted() { made++; }
    ~Counted() { dropped++; }
};
static thread_local Counted counted;

int main() {
    for (int i = 0; i < 3; i++) {
        std::thread t([i] {
            for (int j = 0; j <= i; j++) counted.uses++;
            printf("%d ", counted.uses);
        });
        t.join();
        printf("made %d dropped %d\n", made.load(), dropped.load());
    }
    std::thread([] {}).join();
    counted.uses++;
    printf("made %d dropped %d\n", made.load(), dropped.load());
}
