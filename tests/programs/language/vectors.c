// flags: -lm
// Vector types of the compiler, complex numbers, designated and compound literals, generics.
#include <complex.h>
#include <stdio.h>
#include <tgmath.h>

typedef int v4 __attribute__((vector_size(16)));
#define NAME(x) _Generic((x), int: "int", long: "long", double: "double", char *: "string", default: "other")

int main(void) {
    v4 a = {1, 2, 3, 4}, b = {10, 20, 30, 40}, c = a * b + (a > 2), d = __builtin_shuffle(c, (v4){3, 2, 1, 0});
    printf("%d %d %d %d\n", d[0], d[1], d[2], d[3]);
    double complex z = 3 + 4 * I, w = cexp(I * 1.0) * z / (1 - 2 * I);
    printf("%g %.12g %.12g %.12g\n", cabs(z), creal(w), cimag(w), carg(csqrt(w)));
    int v[10] = {[7] = 7, [2] = 2, 3};
    printf("%d %d %d\n", v[7], v[3], v[0]);
    printf("%s %s %s %s %s\n", NAME(1), NAME(1L), NAME(1.0), NAME("x"), NAME(1.0f));
    printf("%d\n", ((struct { int x, y; }){.y = 5}).y);
}
