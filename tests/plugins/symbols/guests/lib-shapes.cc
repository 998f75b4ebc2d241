#include <cmath>
#include <string>

namespace shapes {

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};

static inline double square(double x) { return x * x; }

struct Circle : Shape {
    double radius;
    explicit Circle(double r) : radius(r) {}
    double area() const override { return 3.25 * square(radius); }
};

template <typename T> T largest(T a, T b) { return a < b ? b : a; }

double measure(const std::string &name, double size) {
    Circle circle(size);
    const Shape &shape = circle;
    return largest(shape.area(), (double)name.size());
}

}  // namespace shapes

extern "C" double measure_c(double size) {
    return shapes::measure("circle", size) + std::sqrt(shapes::square(size));
}
