/* json FILE [REPEAT]: reads FILE through stdio, parses it as JSON (RFC 8259) REPEAT times (once unless
   told) and prints statistics. Status 1, with one message, when the file cannot be read or is not JSON. */
#include "bits.h"
#include "number.h"
#include <stdio.h>
#include <sys/stat.h>

enum { DEEPEST = 500 };

struct statistics {
    long objects, arrays, members, strings, numbers, trues, falses, nulls;
    long characters; /* code points in strings and names, after unescaping */
    int depth;
    double sum;
    uint32_t hash; /* FNV-1a over all unescaped strings and names, as UTF-8 */
};

struct parser {
    const char *program, *name, *start, *at;
    struct statistics *seen;
};

static _Noreturn void fail(const struct parser *p, const char *what) {
    long line = 1, column = 1;
    for (const char *c = p->start; c < p->at; c++) {
        column++;
        if (*c == '\n') {
            line++;
            column = 1;
        }
    }
    fprintf(stderr, "%s: %s:%ld:%ld: %s\n", p->program, p->name, line, column, what);
    exit(1);
}

static void skip_space(struct parser *p) {
    while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')
        p->at++;
}

static void mix(struct statistics *s, unsigned byte) { s->hash = (s->hash ^ byte) * 16777619u; }

static void note_code_point(struct statistics *s, uint32_t c) {
    s->characters++;
    if (c < 0x80) {
        mix(s, c);
    } else if (c < 0x800) {
        mix(s, 0xc0 | c >> 6);
        mix(s, 0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        mix(s, 0xe0 | c >> 12);
        mix(s, 0x80 | (c >> 6 & 0x3f));
        mix(s, 0x80 | (c & 0x3f));
    } else {
        mix(s, 0xf0 | c >> 18);
        mix(s, 0x80 | (c >> 12 & 0x3f));
        mix(s, 0x80 | (c >> 6 & 0x3f));
        mix(s, 0x80 | (c & 0x3f));
    }
}

static uint32_t hex4(struct parser *p) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++, p->at++) {
        char c = *p->at;
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0)
            fail(p, "four hexadecimal digits expected after \\u");
        value = value << 4 | (uint32_t)digit;
    }
    return value;
}

static void escape(struct parser *p) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = *p->at;
    const char *known = c ? strchr(names, c) : NULL;
    if (known) {
        p->at++;
        note_code_point(p->seen, (unsigned char)values[known - names]);
        return;
    }
    if (c != 'u')
        fail(p, "unknown escape in a string");
    p->at++;
    uint32_t unit = hex4(p);
    if (unit >= 0xd800 && unit < 0xdc00) {
        if (p->at[0] != '\\' || p->at[1] != 'u')
            fail(p, "high surrogate without a low one");
        p->at += 2;
        uint32_t low = hex4(p);
        if (low < 0xdc00 || low > 0xdfff)
            fail(p, "high surrogate without a low one");
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    } else if (unit >= 0xdc00 && unit < 0xe000) {
        fail(p, "low surrogate without a high one");
    }
    note_code_point(p->seen, unit);
}

static void string(struct parser *p) {
    if (*p->at != '"')
        fail(p, "string expected");
    p->at++;
    while (*p->at != '"') {
        unsigned char c = (unsigned char)*p->at;
        if (c < ' ')
            fail(p, c ? "control character in a string" : "string does not end");
        p->at++;
        if (c == '\\') {
            escape(p);
        } else {
            mix(p->seen, c);
            p->seen->characters += (c & 0xc0) != 0x80; /* continuation bytes start no code point */
        }
    }
    p->at++;
}

static const char *digits(struct parser *p, const char *at) {
    if (*at < '0' || *at > '9') {
        p->at = at;
        fail(p, "digit expected");
    }
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

static void numeral(struct parser *p) {
    const char *end = p->at + (*p->at == '-');
    end = *end == '0' ? end + 1 : digits(p, end);
    if (*end == '.')
        end = digits(p, end + 1);
    if ((*end | 32) == 'e') {
        end++;
        end = digits(p, end + (*end == '+' || *end == '-'));
    }
    p->seen->sum += strtod(p->at, NULL);
    p->seen->numbers++;
    p->at = end;
}

static int word(struct parser *p, const char *text, long *count) {
    size_t length = strlen(text);
    if (strncmp(p->at, text, length) != 0)
        return 0;
    p->at += length;
    ++*count;
    return 1;
}

static void value(struct parser *p, int depth);

/* The items between the brackets: values, or named ones when `close` is a brace. */
static void items(struct parser *p, int depth, char close) {
    if (depth > DEEPEST)
        fail(p, "nested too deeply");
    if (depth > p->seen->depth)
        p->seen->depth = depth;
    p->at++;
    skip_space(p);
    if (*p->at == close) {
        p->at++;
        return;
    }
    for (;;) {
        if (close == '}') {
            skip_space(p);
            string(p);
            p->seen->members++;
            skip_space(p);
            if (*p->at != ':')
                fail(p, "':' expected");
            p->at++;
        }
        value(p, depth);
        skip_space(p);
        if (*p->at == close) {
            p->at++;
            return;
        }
        if (*p->at != ',')
            fail(p, close == '}' ? "',' or '}' expected" : "',' or ']' expected");
        p->at++;
    }
}

static void value(struct parser *p, int depth) {
    skip_space(p);
    switch (*p->at) {
    case '{':
        p->seen->objects++;
        items(p, depth + 1, '}');
        return;
    case '[':
        p->seen->arrays++;
        items(p, depth + 1, ']');
        return;
    case '"':
        p->seen->strings++;
        string(p);
        return;
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
        numeral(p);
        return;
    default:
        if (!word(p, "true", &p->seen->trues) && !word(p, "false", &p->seen->falses) &&
            !word(p, "null", &p->seen->nulls))
            fail(p, "value expected");
    }
}

/* The whole file, with a zero after it. */
static char *contents(const char *program, const char *name, size_t *size) {
    FILE *file = fopen(name, "rb");
    if (!file) {
        fprintf(stderr, "%s: cannot open '%s': %s\n", program, name, strerror(errno));
        exit(1);
    }
    struct stat facts;
    if (fstat(fileno(file), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        fprintf(stderr, "%s: '%s' is not a regular file\n", program, name);
        exit(1);
    }
    *size = (size_t)facts.st_size;
    char *text = malloc(*size + 1);
    if (!text || fread(text, 1, *size, file) != *size) {
        fprintf(stderr, "%s: cannot read '%s'\n", program, name);
        exit(1);
    }
    fclose(file);
    text[*size] = 0;
    return text;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE [REPEAT]\n", argv[0]);
        return 2;
    }
    unsigned long repeat = number(argc, argv, 2, 1, 1000000);
    size_t size;
    char *text = contents(argv[0], argv[1], &size);
    struct statistics seen;
    for (unsigned long i = 0; i < repeat; i++) {
        seen = (struct statistics){.hash = 2166136261u};
        struct parser p = {argv[0], argv[1], text, text, &seen};
        value(&p, 0);
        skip_space(&p);
        if (p.at != text + size)
            fail(&p, "end of file expected");
    }
    free(text);
    printf("bytes:      %zu\n", size);
    printf("objects:    %ld with %ld members\n", seen.objects, seen.members);
    printf("arrays:     %ld\n", seen.arrays);
    printf("depth:      %d\n", seen.depth);
    printf("strings:    %ld\n", seen.strings);
    printf("characters: %ld, hash %08x\n", seen.characters, seen.hash);
    printf("numbers:    %ld, sum %.17g %016llx\n", seen.numbers, seen.sum, bits_of(seen.sum));
    printf("literals:   %ld true, %ld false, %ld null\n", seen.trues, seen.falses, seen.nulls);
    return 0;
}
