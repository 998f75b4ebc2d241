/* stencil [STEPS]: two chemicals that spread and react (Gray and Scott, 1983) on a torus, in single precision.
   A trickle of the second one keeps numbers away from the subnormal ones, which are another matter. */
#include "number.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIDE = 128 };

#define TRICKLE 1e-6f

typedef float field[SIDE][SIDE];

static field u[2], v[2];

static float spread(const field f, int up, int y, int down, int left, int x, int right) {
    return 0.2f * (f[up][x] + f[down][x] + f[y][left] + f[y][right]) +
           0.05f * (f[up][left] + f[up][right] + f[down][left] + f[down][right]) - f[y][x];
}

static void step(const field u, const field v, field next_u, field next_v) {
    for (int y = 0; y < SIDE; y++) {
        int up = (y + SIDE - 1) % SIDE, down = (y + 1) % SIDE;
        for (int x = 0; x < SIDE; x++) {
            int left = (x + SIDE - 1) % SIDE, right = (x + 1) % SIDE;
            float react = u[y][x] * v[y][x] * v[y][x];
            next_u[y][x] =
                u[y][x] + spread(u, up, y, down, left, x, right) - react + 0.0545f * (1 - u[y][x]);
            next_v[y][x] =
                v[y][x] + 0.5f * spread(v, up, y, down, left, x, right) + react - (0.0545f + 0.062f) * v[y][x] + TRICKLE;
        }
    }
}

int main(int argc, char **argv) {
    unsigned long steps = number(argc, argv, 1, 150, 1000000);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            int inside = y >= 54 && y < 74 && x >= 50 && x < 70;
            u[0][y][x] = inside ? 0.5f : 1;
            v[0][y][x] = inside ? 0.25f + 0.01f * (float)((x * 7 + y * 3) % 5) : TRICKLE;
        }
    for (unsigned long i = 0; i < steps; i++)
        step(u[i & 1], v[i & 1], u[~i & 1], v[~i & 1]);

    double sum = 0;
    uint64_t checksum = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            uint32_t bits;
            memcpy(&bits, &v[steps & 1][y][x], sizeof bits);
            checksum = checksum * 31 + bits;
            sum += (double)v[steps & 1][y][x];
        }
    printf("%lu steps: %.9g, checksum %016llx\n", steps, sum, (unsigned long long)checksum);
    return 0;
}
