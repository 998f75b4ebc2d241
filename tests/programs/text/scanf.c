// Conversions of sscanf: numbers, sets, widths, suppressed, what does not match.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int a = 0, b = 0, c = 0, n = 0;
    long l;
    unsigned u;
    float f;
    double d;
    char s[32], t[32], ch[4] = {0};
    printf("%d", sscanf(" 12 0x1f 077", "%d %i %i%n", &a, &b, &c, &n));
    printf(" %d %d %d %d\n", a, b, c, n);
    printf("%d", sscanf("12345678", "%3d%2d%d", &a, &b, &c));
    printf(" %d %d %d\n", a, b, c);
    printf("%d", sscanf("-9223372036854775808 4294967295", "%ld %u", &l, &u));
    printf(" %ld %u\n", l, u);
    printf("%d", sscanf("1.5e3 0x1.8p1 inf nan", "%f %lf", &f, &d));
    printf(" %g %g\n", f, d);
    printf("%d", sscanf("key = value # rest", "%31[a-z] = %31[^#]", s, t));
    printf(" [%s] [%s]\n", s, t);
    printf("%d", sscanf("abc def", "%*s %31s", s));
    printf(" [%s]\n", s);
    printf("%d", sscanf("  xyz", "%3c", ch));
    printf(" [%s]\n", ch);
    printf("%d %d %d\n", sscanf("", "%d", &a), sscanf("x", "%d", &a), sscanf("5%6", "%d%%%d", &a, &b));
    printf("%d\n", sscanf("1,2,3", "%d,%d;%d", &a, &b, &c));
    char *dynamic = NULL;
    printf("%d", sscanf("allocated words", "%ms", &dynamic));
    printf(" %s\n", dynamic);
    free(dynamic);
    printf("%d", sscanf("a]b-c", "%[]a-]", s));
    printf(" %s\n", s);
    short h;
    signed char hh;
    printf("%d", sscanf("70000 300", "%hd %hhd", &h, &hh));
    printf(" %d %d\n", h, hh);
}
