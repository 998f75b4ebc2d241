// A chaotic iteration: one wrong bit anywhere would show.
#include <stdio.h>

int main(void) {
    double x = 0.3, y = 0.7, sum = 0;
    float f = 0.2f;
    for (int i = 0; i < 20000; i++) {
        x = 3.99 * x * (1 - x);
        y = y + 0.25 * x - y * y / 3;
        f = 3.9f * f * (1 - f);
        sum += x / (y + 2) - f;
        if (i % 4000 == 0) printf("%a %a %a %a\n", x, y, f, sum);
    }
    printf("%a\n", sum);
}
