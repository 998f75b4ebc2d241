// link: dynamic
// Exceptions and streams out of the shared C++ library.
#include <iostream>
#include <stdexcept>
#include <string>

static int parse(const std::string &s) { return std::stoi(s); }

int main() {
    for (const char *s : {"42", "x", "99999999999"}) try {
            std::cout << parse(s) << '\n';
        } catch (const std::invalid_argument &e) {
            std::cout << "invalid: " << e.what() << '\n';
        } catch (const std::out_of_range &e) {
            std::cout << "range: " << e.what() << '\n';
        }
    try {
        throw 5;
    } catch (double) {
    } catch (int n) {
        std::cout << n << std::endl;
    }
}
