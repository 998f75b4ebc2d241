// Calls a library of C++ and a function of C, directly and by dlopen.
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <vector>

static volatile int seed = 41;

static inline int twice(int x) {
    int sum = x + seed;
    return sum * 2;
}

static inline int add_twice(int a, int b) {
    int result = a + twice(b);
    if (result > 1000) result -= twice(a);
    return result;
}

__attribute__((noinline)) int compute(int n) {
    int total = 0;
    for (int i = 0; i < n; i++) total += add_twice(i, n);
    return total;
}

namespace inner {
template <typename T> __attribute__((noinline)) T sum(const std::vector<T> &values) {
    T result{};
    for (const T &value : values) result += value;
    return result;
}
}  // namespace inner

int global_counter = 3;

int main(int argc, char **argv) {
    std::vector<int> values{compute(argc + 3), compute(9), seed};
    std::printf("%d\n", inner::sum(values));
    void *library = dlopen(argv[1], RTLD_NOW);
    if (!library) {
        std::puts(dlerror());
        return 1;
    }
    auto measure = (double (*)(double))dlsym(library, "measure_c");
    std::printf("%.3f\n", measure(global_counter));
    dlclose(library);
    return 0;
}
