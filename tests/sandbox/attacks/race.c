// Tries over and over what another process of the host changes in between; run by a test of its own, so no line here is one
// that begins with the macro.
#include "attack.h"

static void race_for_a_link(void);
static struct attack attack_race __attribute__((used, section("attacks"), aligned(16))) = {"race_for_a_link", race_for_a_link};
static void race_for_a_link(void) {
    char text[16], last[16] = "";
    for (;;) {
        int fd = open("in/flip/key", O_RDONLY);
        if (fd < 0) continue;
        memset(text, 0, sizeof text);
        if (read(fd, text, 15) > 0 && strcmp(text, last)) TELL_VALUE("%s", strcpy(last, text));
        close(fd);
        fd = open("in/flip/key", O_WRONLY);
        if (fd >= 0) TELL_VALUE("%s", "untouched no more");
        close(fd);
    }
}
