/* nbody [STEPS]: a small star cluster under gravity, by the leapfrog method. Uses sqrt in the force,
   sin, cos and pow to lay out the orbits, and log and exp in the report. */
#include "bits.h"
#include "number.h"
#include <math.h>
#include <stdio.h>

enum { BODIES = 6 };

struct body {
    double mass;
    double place[3];
    double velocity[3];
};

static struct body bodies[BODIES];

/* One heavy star at rest, the others on circles whose radii grow by Kepler-like powers. */
static void lay_out(void) {
    bodies[0].mass = 1000;
    for (int i = 1; i < BODIES; i++) {
        struct body *b = &bodies[i];
        double radius = pow(1.7, i) + 1, angle = 2.4 * i, speed = sqrt(bodies[0].mass / radius);
        b->mass = 1.0 / i;
        b->place[0] = radius * cos(angle);
        b->place[1] = radius * sin(angle);
        b->place[2] = 0.1 * sin(3 * angle);
        b->velocity[0] = -speed * sin(angle);
        b->velocity[1] = speed * cos(angle);
    }
}

static void kick(double dt) {
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) {
            double d[3], square = 1e-4; /* softening: bodies that meet do not fly apart */
            for (int k = 0; k < 3; k++) {
                d[k] = bodies[j].place[k] - bodies[i].place[k];
                square += d[k] * d[k];
            }
            double pull = dt / (square * sqrt(square));
            for (int k = 0; k < 3; k++) {
                bodies[i].velocity[k] += d[k] * pull * bodies[j].mass;
                bodies[j].velocity[k] -= d[k] * pull * bodies[i].mass;
            }
        }
}

static void drift(double dt) {
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++)
            bodies[i].place[k] += dt * bodies[i].velocity[k];
}

static double energy(void) {
    double sum = 0;
    for (int i = 0; i < BODIES; i++) {
        for (int k = 0; k < 3; k++)
            sum += 0.5 * bodies[i].mass * pow(bodies[i].velocity[k], 2);
        for (int j = i + 1; j < BODIES; j++) {
            double square = 1e-4;
            for (int k = 0; k < 3; k++)
                square += pow(bodies[j].place[k] - bodies[i].place[k], 2);
            sum -= bodies[i].mass * bodies[j].mass / sqrt(square);
        }
    }
    return sum;
}

static void show(const char *name, double value) { printf("%-8s %.17g %016llx\n", name, value, bits_of(value)); }

int main(int argc, char **argv) {
    unsigned long steps = number(argc, argv, 1, 110000, 100000000);
    const double dt = 1e-4;
    lay_out();
    double before = energy();
    show("energy", before);
    for (unsigned long i = 0; i < steps; i++) {
        kick(dt / 2);
        drift(dt);
        kick(dt / 2);
    }
    double after = energy();
    show("energy", after);
    show("drift", log(fabs(after / before)));
    show("spread", exp(-hypot(bodies[BODIES - 1].place[0], bodies[BODIES - 1].place[1]) / 10));
    show("angle", atan2(bodies[1].place[1], bodies[1].place[0]));
    return 0;
}
