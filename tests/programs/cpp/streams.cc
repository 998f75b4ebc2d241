// stdin: 12 word 3.5 rest of line\nlast
// Input and output streams: formats, states, string streams.
#include <iomanip>
#include <iostream>
#include <sstream>

int main() {
    int n;
    std::string word, line;
    double d;
    std::cin >> n >> word >> d;
    std::getline(std::cin, line);
    std::cout << n << '|' << word << '|' << d << '|' << line << std::endl;
    std::cin >> n;
    std::cout << std::cin.fail() << std::boolalpha << ' ' << static_cast<bool>(std::cin) << '\n';
    std::cout << std::hex << std::showbase << 255 << ' ' << std::setw(10) << std::setfill('*') << 16 << std::dec << '\n';
    std::cout << std::fixed << std::setprecision(3) << 3.14159 << ' ' << std::scientific << 12345.678 << ' ' << std::hexfloat << 1.5 << '\n';
    std::ostringstream out;
    out << "x=" << 5 << ", y=" << 2.5;
    std::istringstream in(out.str());
    char c;
    in.ignore(2) >> n >> c;
    std::cout << std::defaultfloat << out.str() << ' ' << n << c << '\n';
    std::cerr << "to error " << 1 << '\n';
    return 0;
}
