// makecontext and swapcontext: two coroutines that take turns.
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

static ucontext_t main_context, one, two;
static void first(int a, int b) {
    for (int i = 0; i < 3; i++) {
        printf("first %d\n", a * 10 + b + i);
        swapcontext(&one, &two);
    }
}
static void second(void) {
    for (double x = 0.5;; x *= 2) {
        printf("second %g\n", x);
        swapcontext(&two, &one);
    }
}

int main(void) {
    getcontext(&one);
    one.uc_stack.ss_sp = malloc(65536), one.uc_stack.ss_size = 65536, one.uc_link = &main_context;
    makecontext(&one, (void (*)(void))first, 2, 4, 2);
    getcontext(&two);
    two.uc_stack.ss_sp = malloc(65536), two.uc_stack.ss_size = 65536, two.uc_link = NULL;
    makecontext(&two, second, 0);
    swapcontext(&main_context, &one);
    puts("back");
}
