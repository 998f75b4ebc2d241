// What attacks are made of. Each one tells what became of its tries: names of errors, or "ok" for what must never be.
#ifndef ATTACK_H
#define ATTACK_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct attack {
    const char *name;
    void (*run)(void);
};

// `expected` is read by the test from this source: what the attack tells, or how its end is reported.
#define ATTACK(name, expected)                                                                            \
    static void name(void);                                                                               \
    static struct attack attack_##name __attribute__((used, section("attacks"), aligned(16))) = {#name, name}; \
    static void name(void)

// Adds the error of a call to what is told, or "ok".
#define TELL(call)                                                            \
    do {                                                                      \
        errno = 0;                                                            \
        long result_ = (long)(call);                                          \
        printf("%s ", result_ == -1 ? strerrorname_np(errno) : "ok");         \
        fflush(stdout);                                                       \
    } while (0)

#define TELL_ERRNO() TELL_VALUE("%s", strerrorname_np(errno))

#define TELL_VALUE(format, value) (printf(format " ", value), fflush(stdout))

// A file that the guest may not have: beside its working directory.
#define VICTIM "../victim/key"

#endif
