// Prints a call with its result, or with the name of its error.
#ifndef SHOW_H
#define SHOW_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

// For results that are the same everywhere, as numbers of descriptors are.
#define SHOW(call)                                                    \
    do {                                                              \
        errno = 0;                                                    \
        long result_ = (long)(call);                                  \
        if (result_ == -1 && errno != 0)                              \
            printf("%s = -1 %s\n", #call, strerrorname_np(errno));    \
        else                                                          \
            printf("%s = %ld\n", #call, result_);                     \
    } while (0)

// For results that differ from run to run, as process ids do.
#define OK(call)                                                      \
    do {                                                              \
        errno = 0;                                                    \
        if ((long)(call) == -1)                                       \
            printf("%s failed: %s\n", #call, strerrorname_np(errno)); \
        else                                                          \
            printf("%s ok\n", #call);                                 \
    } while (0)

// For functions that return an error number, as those of pthreads do.
#define ERR(call)                                                     \
    do {                                                              \
        int error_ = (call);                                          \
        printf("%s: %s\n", #call, error_ ? strerrorname_np(error_) : "ok"); \
    } while (0)

// For conditions.
#define IS(condition) printf("%s: %s\n", #condition, (condition) ? "yes" : "no")

#endif
