/* bytecode [LIMIT]: a register machine with threaded dispatch (one indirect jump an operation). Its
   program looks for the number below LIMIT with the longest Collatz sequence. */
#include "number.h"
#include <stdint.h>
#include <stdio.h>

enum operation { SET, MOVE, ADD, MULTIPLY, HALVE, ODD, LESS, LESS_THAN, JUMP, WHEN, CALL, RETURN, PRINT, HALT };

struct instruction {
    enum operation operation;
    int32_t a, b, c;
};

enum variable { CANDIDATE, VALUE, LENGTH, BEST, LONGEST, LIMIT, ANSWER, VARIABLES };

enum label { NEXT = 1, REPORT = 4, TRY = 7, ADVANCE = 14, COLLATZ = 16, UP = 22, COUNT = 24, BACK = 26 };

static const struct instruction program[] = {
    {SET, CANDIDATE, 1},
    [NEXT] = {LESS, ANSWER, CANDIDATE, LIMIT},
    {WHEN, ANSWER, TRY},
    {JUMP, REPORT},
    [REPORT] = {PRINT, BEST},
    {PRINT, LONGEST},
    {HALT},
    [TRY] = {MOVE, VALUE, CANDIDATE},
    {SET, LENGTH, 1},
    {CALL, COLLATZ},
    {LESS, ANSWER, LENGTH, LONGEST},
    {WHEN, ANSWER, ADVANCE},
    {MOVE, BEST, CANDIDATE},
    {MOVE, LONGEST, LENGTH},
    [ADVANCE] = {ADD, CANDIDATE, CANDIDATE, 1},
    {JUMP, NEXT},
    [COLLATZ] = {LESS_THAN, ANSWER, VALUE, 2},
    {WHEN, ANSWER, BACK},
    {ODD, ANSWER, VALUE},
    {WHEN, ANSWER, UP},
    {HALVE, VALUE, VALUE},
    {JUMP, COUNT},
    [UP] = {MULTIPLY, VALUE, VALUE, 3},
    {ADD, VALUE, VALUE, 1},
    [COUNT] = {ADD, LENGTH, LENGTH, 1},
    {JUMP, COLLATZ},
    [BACK] = {RETURN},
};

/* Runs the program over `v` and returns how many operations it took. */
static uint64_t run(uint64_t *v) {
    static const void *const handler[] = {
        [SET] = &&set,   [MOVE] = &&move, [ADD] = &&add,   [MULTIPLY] = &&multiply, [HALVE] = &&halve,
        [ODD] = &&odd,   [LESS] = &&less, [LESS_THAN] = &&less_than, [JUMP] = &&jump, [WHEN] = &&when,
        [CALL] = &&call, [RETURN] = &&ret, [PRINT] = &&print, [HALT] = &&halt,
    };
    const struct instruction *at = program, *stack[8];
    int depth = 0;
    uint64_t steps = 0;

#define DISPATCH() do { steps++; goto *handler[at->operation]; } while (0)
#define FOLLOW() do { at++; DISPATCH(); } while (0)

    DISPATCH();
set:
    v[at->a] = (uint64_t)at->b;
    FOLLOW();
move:
    v[at->a] = v[at->b];
    FOLLOW();
add:
    v[at->a] = v[at->b] + (uint64_t)at->c;
    FOLLOW();
multiply:
    v[at->a] = v[at->b] * (uint64_t)at->c;
    FOLLOW();
halve:
    v[at->a] = v[at->b] / 2;
    FOLLOW();
odd:
    v[at->a] = v[at->b] & 1;
    FOLLOW();
less:
    v[at->a] = v[at->b] < v[at->c];
    FOLLOW();
less_than:
    v[at->a] = v[at->b] < (uint64_t)at->c;
    FOLLOW();
jump:
    at = &program[at->a];
    DISPATCH();
when:
    if (!v[at->a])
        FOLLOW();
    at = &program[at->b];
    DISPATCH();
call:
    stack[depth++] = at + 1;
    at = &program[at->a];
    DISPATCH();
ret:
    at = stack[--depth];
    DISPATCH();
print:
    printf("%llu\n", (unsigned long long)v[at->a]);
    FOLLOW();
halt:
    return steps;
}

int main(int argc, char **argv) {
    uint64_t variables[VARIABLES] = {0};
    variables[LIMIT] = number(argc, argv, 1, 27000, 10000000);
    printf("%llu operations\n", (unsigned long long)run(variables));
    return 0;
}
