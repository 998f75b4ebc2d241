/* libm [STEPS]: sums of libc's mathematical functions over STEPS arguments. */
#include "bits.h"
#include "number.h"
#include <math.h>
#include <stdio.h>

static void show(const char *name, double value) { printf("%-6s %.17g %016llx\n", name, value, bits_of(value)); }

int main(int argc, char **argv) {
    unsigned long steps = number(argc, argv, 1, 370000, 100000000);
    double sines = 0, cosines = 0, powers = 0, logarithms = 0, roots = 0, angles = 0, tangents = 0;
    for (unsigned long i = 1; i <= steps; i++) {
        double x = (double)i * 20 / (double)steps;
        sines += sin(x);
        cosines += cos(3 * x);
        powers += exp(-x);
        logarithms += log(x);
        roots += pow(x, 0.7);
        angles += atan(x - 10);
        tangents += tanh(x - 10);
    }
    show("sin", sines);
    show("cos", cosines);
    show("exp", powers);
    show("log", logarithms);
    show("pow", roots);
    show("atan", angles);
    show("tanh", tangents);
    return 0;
}
