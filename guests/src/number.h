/* Reading a positive number from the command line, the same way in every guest that takes a size. */
#ifndef NUMBER_H
#define NUMBER_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The number in argv[index], or `otherwise` when the argument is absent. Ends the program with
   status 2 when it is not a decimal number from 1 to `most`. */
static unsigned long number(int argc, char **argv, int index, unsigned long otherwise, unsigned long most) {
    if (index >= argc)
        return otherwise;
    char *end;
    errno = 0;
    unsigned long value = strtoul(argv[index], &end, 10);
    if (errno || *argv[index] < '0' || *argv[index] > '9' || *end || value < 1 || value > most) {
        fprintf(stderr, "%s: argument %d is '%s', it must be a number from 1 to %lu\n", argv[0], index,
                argv[index], most);
        exit(2);
    }
    return value;
}

#endif
