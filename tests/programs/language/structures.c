// Structures of every shape as arguments and results: in registers, in pairs, in memory.
#include <stdio.h>

struct one { char c; };
struct floats { float x, y; };
struct mixed { double d; int i; };
struct two { long a, b; };
struct three { long a, b, c; };
struct nested { struct { float f; } in; double d; };
struct array { float f[2]; };
struct empty {};
union both { double d; long l; };

__attribute__((noinline)) struct one f1(struct one s) { s.c++; return s; }
__attribute__((noinline)) struct floats f2(struct floats s) { s.x += s.y; return s; }
__attribute__((noinline)) struct mixed f3(int a, struct mixed s) { s.d *= a, s.i -= a; return s; }
__attribute__((noinline)) struct two f4(struct two s, struct two t) { s.a += t.b, s.b += t.a; return s; }
__attribute__((noinline)) struct three f5(struct three s) { s.c = s.a * s.b; return s; }
__attribute__((noinline)) struct nested f6(struct nested s) { s.in.f *= 2, s.d /= 2; return s; }
__attribute__((noinline)) struct array f7(struct array s, float k) { s.f[1] *= k; return s; }
__attribute__((noinline)) long f8(struct empty e, int a, union both u) { return u.l + a; }
__attribute__((noinline)) double f9(long a, long b, long c, long d, long e, long f, long g, struct two s, double x, float y, char z) {
    return a + b + c + d + e + f + g + s.a * s.b + x * y + z;
}
__attribute__((noinline)) double f10(double a, double b, double c, double d, double e, double f, double g, struct floats s, struct mixed m, double h) {
    return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + s.x * 8 + s.y * 9 + m.d * 10 + m.i * 11 + h * 12;
}

int main(void) {
    printf("%d\n", f1((struct one){41}).c);
    struct floats a = f2((struct floats){1.5f, 2.25f});
    printf("%g %g\n", a.x, a.y);
    struct mixed b = f3(3, (struct mixed){2.5, 10});
    printf("%g %d\n", b.d, b.i);
    struct two c = f4((struct two){1, 2}, (struct two){10, 20});
    printf("%ld %ld\n", c.a, c.b);
    struct three d = f5((struct three){6, 7, 0});
    printf("%ld %ld %ld\n", d.a, d.b, d.c);
    struct nested e = f6((struct nested){{1.5f}, 3});
    printf("%g %g\n", e.in.f, e.d);
    printf("%g\n", f7((struct array){{1, 2}}, 4).f[1]);
    printf("%ld\n", f8((struct empty){}, 5, (union both){.l = 37}));
    printf("%g\n", f9(1, 2, 3, 4, 5, 6, 7, (struct two){8, 9}, 1.5, 2.5f, 'a'));
    printf("%g\n", f10(1, 2, 3, 4, 5, 6, 7, (struct floats){8, 9}, (struct mixed){10, 11}, 12));
    struct three (*p)(struct three) = f5;
    printf("%ld\n", p(p(d)).c);
}
