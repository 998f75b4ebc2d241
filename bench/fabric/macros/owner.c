// What the QPP macros of the QEMU plugin RFC do, written anew: a callback is an array of 256 pointers and their number, and
// running it calls each pointer that is there.
// owner LISTENERS.so COUNT: prints the nanoseconds of one run with COUNT listeners, the least of many batches.
#include <assert.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_CB 256
#define SLOTS 64

#define CREATE_CB(name, ...)                                                   \
    typedef void name##_fn(__VA_ARGS__);                                       \
    name##_fn *name##_listeners[MAX_CB];                                       \
    int name##_size;                                                           \
    void name##_add(name##_fn *listener)                                       \
    {                                                                          \
        assert(name##_size < MAX_CB);                                          \
        name##_listeners[name##_size++] = listener;                            \
    }

#define RUN_CB(name, ...)                                                      \
    do {                                                                       \
        for (int at = 0; at < name##_size; at++) {                             \
            if (name##_listeners[at] != NULL) {                                \
                name##_listeners[at](__VA_ARGS__);                             \
            }                                                                  \
        }                                                                      \
    } while (false)

CREATE_CB(tick, int32_t value)

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/** Nanoseconds of `events` runs. */
static double batch(int32_t events)
{
    double start = now();
    for (int32_t i = 0; i < events; i++) {
        RUN_CB(tick, i);
        // Each event reads the listeners afresh, as it would where something else happens between two events.
        __asm__ volatile("" ::: "memory");
    }
    return now() - start;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: owner LISTENERS.so COUNT\n");
        return 2;
    }
    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL) {
        fprintf(stderr, "owner: %s\n", dlerror());
        return 1;
    }
    tick_fn *const *listeners = dlsym(library, "listeners");
    int32_t *const *cells = dlsym(library, "cells");
    int count = atoi(argv[2]);
    for (int k = 0; k < count; k++) {
        tick_add(listeners[k]);
    }

    int32_t events = 64;
    while (batch(events) < 1e6) {
        events *= 2;
    }
    double least = 1e300;
    for (int i = 0; i < 100; i++) {
        for (int k = 0; k < count; k++) {
            for (int slot = 0; slot < SLOTS; slot++) {
                cells[k][slot] = 0;
            }
        }
        double took = batch(events);
        least = took < least ? took : least;
    }
    uint32_t expected = (uint32_t)((uint64_t)events * (uint64_t)(events - 1) / 2);
    for (int k = 0; k < count; k++) {
        uint32_t sum = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            sum += (uint32_t)cells[k][slot];
        }
        if (sum != expected) {
            fprintf(stderr, "owner: listener %d missed an event\n", k);
            return 1;
        }
    }
    printf("%f\n", least / events);
    return 0;
}
