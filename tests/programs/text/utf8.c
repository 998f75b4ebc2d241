// UTF-8 by hand, and literals of every width of character; no locale is asked for.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

// Gives the number of bytes taken, or 0 for what is no UTF-8.
static int decode(const unsigned char *s, char32_t *c) {
    static const char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    int n = *s < 0x80 ? 1 : *s >> 5 == 6 ? 2 : *s >> 4 == 14 ? 3 : *s >> 3 == 30 ? 4 : 0;
    if (n <= 1) return *c = *s, n;
    *c = *s & (0x7f >> n);
    for (int i = 1; i < n; i++) {
        if (s[i] >> 6 != 2) return 0;
        *c = *c << 6 | (s[i] & 0x3f);
    }
    return *c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000) ? 0 : n;
}

int main(void) {
    const char *texts[] = {u8"a\u00e9\u20ac\U0001f600z", "\xc3", "\xff", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80", "\xe2\x82"};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        const unsigned char *s = (const unsigned char *)texts[i];
        char32_t c;
        for (int n; *s; s += n) {
            n = decode(s, &c);
            if (n == 0) {
                printf("wrong");
                break;
            }
            printf("%d:%x ", n, (unsigned)c);
        }
        puts("");
    }
    const char16_t *sixteen = u"\u20ac\U0001f600";
    const char32_t *thirty_two = U"\u20ac\U0001f600";
    const wchar_t *wide = L"\u20ac\U0001f600";
    for (int i = 0; sixteen[i]; i++) printf("%x ", sixteen[i]);
    for (int i = 0; thirty_two[i]; i++) printf("%x ", (unsigned)thirty_two[i]);
    printf("%zu %zu\n", wcslen(wide), strlen(texts[0]));
    printf("%s\n", texts[0]);
    mbstate_t state = {0};
    char32_t c;
    printf("%zu", mbrtoc32(&c, "x", 1, &state));
    printf(" %x %zd\n", (unsigned)c, (ssize_t)mbrtoc32(&c, "\xe9", 1, &state));
}
