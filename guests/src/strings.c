/* strings [ROUNDS]: libc's strlen, strcmp, strchr, strstr and memcmp over words and lines, most of them short,
   as in programs that handle text. */
#include "number.h"
#include "random.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { WORDS = 1024, LINE = 480, LINES = 64 };

static char word[WORDS][32];
static char line[LINES][LINE + 32];

static void write_words(void) {
    for (int i = 0; i < WORDS; i++) {
        uint32_t length = 2 + random_to(7) + random_to(7) + random_to(7);
        /* Many begin alike, so that comparing takes more than the first letter. */
        uint32_t alike = length < 4 ? 0 : random_to(4);
        for (uint32_t j = 0; j < length; j++)
            word[i][j] = (char)('a' + (j < alike ? j : random_to(25)));
    }
}

static void write_lines(void) {
    for (int i = 0; i < LINES; i++) {
        uint32_t at = 0, end = 20 + random_to(LINE - 20);
        while (at < end) {
            const char *next = word[random_to(WORDS - 1)];
            size_t length = strlen(next);
            memcpy(line[i] + at, next, length);
            at += (uint32_t)length;
            line[i][at++] = ' ';
        }
        line[i][at - 1] = 0;
    }
}

int main(int argc, char **argv) {
    unsigned long rounds = number(argc, argv, 1, 1600, 1000000);
    write_words();
    write_lines();
    uint64_t lengths = 0, order = 0, spaces = 0, found = 0, equal = 0;
    for (unsigned long round = 0; round < rounds; round++) {
        for (int i = 0; i < WORDS; i++) {
            const char *other = word[random_to(WORDS - 1)];
            lengths += strlen(word[i]);
            order += (uint64_t)(strcmp(word[i], other) < 0);
            equal += !memcmp(word[i], other, 3);
        }
        for (int i = 0; i < LINES; i++) {
            const char *text = line[i];
            lengths += strlen(text);
            while ((text = strchr(text, ' '))) {
                text++;
                spaces++;
            }
            equal += !memcmp(line[i], line[(i + round) % LINES], LINE / 2);
        }
        const char *place = strstr(line[round % LINES], word[round % WORDS]);
        found += place ? (uint64_t)(place - line[round % LINES]) + 1 : 0;
    }
    printf("lengths %llu, less %llu, equal %llu\n", (unsigned long long)lengths, (unsigned long long)order,
           (unsigned long long)equal);
    printf("spaces %llu, found %llu\n", (unsigned long long)spaces, (unsigned long long)found);
    return 0;
}
