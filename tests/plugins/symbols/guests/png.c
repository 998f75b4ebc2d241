/* png FILE: whether it is a PNG file, byte by byte. */
#include <stdio.h>

static const unsigned char header[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

__attribute__((noinline)) static int is_png(const unsigned char *bytes) {
    for (unsigned i = 0; i < sizeof header; i++)
        if (bytes[i] != header[i])
            return 0;
    return 1;
}

int main(int argc, char **argv) {
    unsigned char bytes[sizeof header] = {0};
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    if (!file || fread(bytes, 1, sizeof bytes, file) != sizeof bytes)
        return 2;
    puts(is_png(bytes) ? "PNG" : "something else");
    return 0;
}
