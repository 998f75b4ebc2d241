// Character classes of the C locale, all 256 of them.
#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    for (int c = -1; c < 256; c++) {
        int bits = !!isalpha(c) | !!isdigit(c) << 1 | !!isspace(c) << 2 | !!ispunct(c) << 3 | !!iscntrl(c) << 4 | !!isxdigit(c) << 5 |
                   !!isupper(c) << 6 | !!isprint(c) << 7 | !!isblank(c) << 8;
        printf("%x%s", bits, c % 16 == 15 ? "\n" : " ");
        if (tolower(toupper(c)) != tolower(c)) printf("! ");
    }
    struct lconv *l = localeconv();
    printf("[%s] [%s] [%s]\n", l->decimal_point, l->thousands_sep, l->currency_symbol);
    printf("%s\n", setlocale(LC_ALL, NULL));
    printf("%d\n", setlocale(LC_ALL, "xx_YY.nothing") == NULL);
    printf("%d %d\n", strcoll("a", "B") > 0, strcoll("a", "b") < 0);
}
