// Writes out what its kernel says is mapped.
#include <fcntl.h>
#include <unistd.h>

static char text[65536];

int main(void) {
    int fd = open("/proc/self/maps", O_RDONLY);
    for (long n; (n = read(fd, text, sizeof text)) > 0;) write(1, text, n);
    return 0;
}
