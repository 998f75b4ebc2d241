/* lz [ROUNDS]: compresses a text by references to what came before (Lempel and Ziv, 1977), decompresses it, and
   checks that it is the same. Each round has another text. */
#include "number.h"
#include "random.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { TEXT = 1 << 17, WORDS = 512, SLOTS = 1 << 13, WINDOW = 1 << 16, SHORTEST = 4 };

static uint8_t text[TEXT], packed[TEXT + TEXT / 64], unpacked[TEXT];
static uint32_t latest[SLOTS]; /* where each four bytes were last seen, plus 1 */

static void write_text(void) {
    static char word[WORDS][12];
    static uint8_t length[WORDS];
    for (int i = 0; i < WORDS; i++) {
        length[i] = (uint8_t)(2 + random_to(9));
        for (int j = 0; j < length[i]; j++)
            word[i][j] = (char)('a' + random_to(25));
    }
    for (uint32_t at = 0; at < TEXT;) {
        /* The lower a word's number, the more often it comes, as in languages. */
        uint32_t which = random_to(random_to(random_to(WORDS - 1)));
        for (int j = 0; j < length[which] && at < TEXT; j++)
            text[at++] = (uint8_t)word[which][j];
        if (at < TEXT)
            text[at++] = random_to(11) ? ' ' : '\n';
    }
}

static uint32_t four_at(const uint8_t *at) {
    uint32_t four;
    memcpy(&four, at, sizeof four);
    return four;
}

static uint8_t *put_number(uint8_t *out, uint32_t number) {
    for (; number >= 128; number >>= 7)
        *out++ = (uint8_t)(number | 128);
    *out++ = (uint8_t)number;
    return out;
}

static const uint8_t *get_number(const uint8_t *in, uint32_t *number) {
    *number = 0;
    for (int shift = 0;; shift += 7) {
        *number |= (uint32_t)(*in & 127) << shift;
        if (*in++ < 128)
            return in;
    }
}

/* Again and again: how many bytes follow as they are, they, how many are repeated, from how far back. */
static uint32_t compress(void) {
    uint8_t *out = packed;
    uint32_t at = 0, pending = 0;
    memset(latest, 0, sizeof latest);
    while (at + SHORTEST <= TEXT) {
        uint32_t four = four_at(text + at), *slot = &latest[four * 2654435761u >> (32 - 13)];
        uint32_t earlier = *slot - 1;
        *slot = at + 1;
        if (earlier == UINT32_MAX || at - earlier > WINDOW || four_at(text + earlier) != four) {
            at++;
            continue;
        }
        uint32_t same = SHORTEST;
        while (at + same < TEXT && text[earlier + same] == text[at + same])
            same++;
        out = put_number(out, at - pending);
        for (; pending < at; pending++)
            *out++ = text[pending];
        out = put_number(out, same);
        out = put_number(out, at - earlier);
        pending = at += same;
    }
    out = put_number(out, TEXT - pending);
    for (; pending < TEXT; pending++)
        *out++ = text[pending];
    return (uint32_t)(out - packed);
}

static void decompress(void) {
    const uint8_t *in = packed;
    for (uint32_t at = 0;;) {
        uint32_t count, back;
        in = get_number(in, &count);
        for (; count > 0; count--)
            unpacked[at++] = *in++;
        if (at == TEXT)
            return;
        in = get_number(in, &count);
        in = get_number(in, &back);
        for (; count > 0; count--, at++)
            unpacked[at] = unpacked[at - back];
        if (at == TEXT && *in == 0)
            return;
    }
}

int main(int argc, char **argv) {
    unsigned long rounds = number(argc, argv, 1, 45, 1000000);
    uint64_t size = 0, checksum = 0;
    for (unsigned long round = 0; round < rounds; round++) {
        write_text();
        uint32_t length = compress();
        decompress();
        if (memcmp(text, unpacked, TEXT)) {
            printf("round %lu came back changed\n", round);
            return 1;
        }
        size += length;
        for (uint32_t i = 0; i < length; i++)
            checksum = checksum * 31 + packed[i];
    }
    printf("%lu bytes to %llu, checksum %016llx\n", rounds * TEXT, (unsigned long long)size,
           (unsigned long long)checksum);
    return 0;
}
