/* lines [TIMES]: code that is executed, code that is not, and a library's. */
#include <stdio.h>
#include <stdlib.h>

static int twice(int x) { return x + x; }

int unused(int x) {
    return twice(x) + 1;
}

int main(int argc, char **argv) {
    int times = argc > 1 ? atoi(argv[1]) : 10;
    int sum = 0;
    for (int i = 0; i < times; i++) {
        if (i % 3 == 0)
            sum += twice(i);
        else if (i > 20)
            sum -= 1;
    }
    switch (sum) {
    case 0:
        puts("nothing");
        break;
    default:
        printf("%d\n", sum);
    }
    return 0;
}
