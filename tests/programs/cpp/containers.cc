// Containers, algorithms and strings of the library, without streams.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

int main() {
    std::vector<int> v(500);
    std::iota(v.begin(), v.end(), 1);
    unsigned seed = 3;
    for (size_t i = v.size(); i > 1; i--) std::swap(v[i - 1], v[(seed = seed * 1103515245 + 12345) % i]);
    std::sort(v.begin(), v.end(), std::greater<int>());
    printf("%d %d %d\n", v.front(), v.back(), std::accumulate(v.begin(), v.end(), 0));
    std::map<std::string, int> words;
    for (const char *w : {"one", "two", "three", "two", "one", "two"}) words[w]++;
    for (auto &[word, n] : words) printf("%s=%d ", word.c_str(), n);
    std::unordered_map<int, std::string> names;
    for (int i = 0; i < 1000; i++) names[i * 37] = std::to_string(i);
    printf("%zu %s\n", names.size(), names[37 * 123].c_str());
    std::set<int> s{5, 3, 9, 3};
    printf("%zu %d\n", s.size(), *s.lower_bound(4));
    std::string text(100, 'x');
    text.replace(10, 5, "replaced").insert(0, "start ");
    printf("%zu %zu %s\n", text.size(), text.find("replaced"), text.substr(12, 12).c_str());
    auto shared = std::make_shared<std::vector<int>>(3, 7);
    std::weak_ptr<std::vector<int>> weak = shared;
    std::function<int(int)> f = [shared](int n) { return (*shared)[n % 3] * n; };
    shared.reset();
    printf("%d %d\n", f(5), weak.expired());
    try {
        v.at(1000);
    } catch (const std::exception &e) {
        puts(e.what());
    }
}
