// Wide characters and multibyte conversions in the C.UTF-8-free C locale.
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

int main(void) {
    printf("%s\n", setlocale(LC_ALL, ""));
    wchar_t w[32];
    printf("%zu\n", mbstowcs(w, "plain", 32));
    printf("%ls %zu %d\n", w, wcslen(w), wcscmp(w, L"plain"));
    printf("%zd\n", mbstowcs(w, "h\xc3\xa9", 32) == (size_t)-1 ? (size_t)errno : 0);
    char s[32];
    printf("%zu %s\n", wcstombs(s, L"wide text", 32), s);
    printf("%d\n", wcstombs(s, L"\x20ac", 32) == (size_t)-1);
    printf("%d\n", swprintf(w, 32, L"%d %ls %s %.2f", 5, L"x", "y", 1.5));
    printf("%ls\n", w);
    int n;
    printf("%d", swscanf(L"12 abc", L"%d %31s", &n, s));
    printf(" %d %s\n", n, s);
    printf("%ld %a\n", wcstol(L"-0x10z", NULL, 0), wcstod(L"2.5e1", NULL));
    printf("%d %d %d\n", iswalpha(L'a') != 0, towupper(L'q') == L'Q', iswdigit(L'x'));
    wchar_t parts[] = L"a b c", *state;
    for (wchar_t *t = wcstok(parts, L" ", &state); t; t = wcstok(NULL, L" ", &state)) printf("<%ls>", t);
    printf(" %zu\n", wcsspn(L"aab", L"a"));
}
