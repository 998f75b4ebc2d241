// strtod: halfway cases, long digits, hexadecimal, overflow, underflow, what is left.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    const char *v[] = {"0", "-0", "1", "0.1", "1e308", "1.7976931348623158e308", "1.7976931348623159e308", "4.9e-324", "2.4703282292062327e-324",
                       "2.4703282292062328e-324", "2.2250738585072011e-308", "9007199254740993", "9007199254740992.99999999999999999999999999",
                       "0.500000000000000166533453693773481063544750213623046875", "0x1.8p3", "0x.1p-1074", "0x1p-1075", "0x1.fffffffffffff8p0",
                       "inf", "-Infinity", "nan", "nan(0x12)", "1e", "1e+", ".5", "5.", ".", "+-1", " \t\n7xyz", "1e400", "1e-400", "-1e9999999999999",
                       "0x", "0xg", "123456789012345678901234567890123456789012345678901234567890e-60", "1_000", "1.5.5", "infinit"};
    for (unsigned i = 0; i < sizeof v / sizeof *v; i++) {
        char *end;
        errno = 0;
        double d = strtod(v[i], &end);
        printf("%s -> %a [%s]%s", v[i], d, end, errno == ERANGE ? " ERANGE" : "");
        errno = 0;
        float f = strtof(v[i], &end);
        printf(" %a%s\n", f, errno == ERANGE ? " ERANGE" : "");
    }
}
