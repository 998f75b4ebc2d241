/* stdin-cat: copies standard input to standard output. Status 1 when reading or writing fails. */
#include "bare.h"

static char buffer[4096];

int main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    for (;;) {
        long count = system_call(SYS_read, 0, (long)buffer, sizeof buffer, 0, 0, 0);
        if (count <= 0)
            return count < 0;
        for (long done = 0; done < count;) {
            long written = system_call(SYS_write, 1, (long)(buffer + done), count - done, 0, 0, 0);
            if (written <= 0)
                return 1;
            done += written;
        }
    }
}
