// link: dynamic
// flags: -lm
// Functions of another library, bound at first call.
#include <math.h>
#include <stdio.h>

int main(void) {
    for (double x = 0.5; x < 3; x += 0.5) printf("%a %a %a\n", sin(x), pow(x, 2.5), lgamma(x));
}
