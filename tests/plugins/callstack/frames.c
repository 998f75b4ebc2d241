// Enters and leaves functions in every way that C knows. At each probe the program itself says which functions it is in, by
// unwinding its stack with the tables that the compiler made (backtrace(3)): one line, the label, then return addresses.
#include <execinfo.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))

NOINLINE void probe(const char *label) {
  void *frames[64];
  int count = backtrace(frames, 64);
  char line[2048];
  int length = sprintf(line, "%s", label);
  // The first one is in this function.
  for (int i = 1; i < count; i++) length += sprintf(line + length, " %lx", (long)frames[i]);
  line[length++] = '\n';
  write(1, line, length);
}

// Keeps the compiler from making a tail call of the call before.
#define AFTER __asm__ volatile("" ::: "memory")

NOINLINE void recurse(int n, const char *label) {
  if (n == 0) probe(label);
  else recurse(n - 1, label);
  AFTER;
}

static jmp_buf back;
NOINLINE void leap(int n) {
  if (n == 0) longjmp(back, 1);
  leap(n - 1);
  AFTER;
}
NOINLINE void jump_out(int depth) {
  volatile int tries = 0;
  if (setjmp(back) == 0 || ++tries < 3) {
    probe("before longjmp");
    leap(depth);
  }
  probe("after longjmp");
  AFTER;
}
NOINLINE void jump_inside_recursion(int n) {
  if (n == 3 && setjmp(back) != 0) {
    probe("in the middle of a recursion");
    return;
  }
  if (n == 0) longjmp(back, 1);
  jump_inside_recursion(n - 1);
  AFTER;
}

NOINLINE void tail_last(int n) {
  recurse(n & 1, "behind a tail call");
  AFTER;
}
NOINLINE void tail_middle(int n) { tail_last(n + 1); }
NOINLINE void tail_first(int n) { tail_middle(n + 1); }
void (*volatile indirect)(int) = tail_first;
NOINLINE void tail_indirect(int n) { indirect(n); }

NOINLINE int compare(const void *a, const void *b) {
  static int calls;
  if (calls++ == 2) probe("called back by qsort");
  return *(const int *)a - *(const int *)b;
}

static sigjmp_buf out_of_handler;
NOINLINE void on_signal(int number) {
  probe(number == SIGUSR1 ? "in a handler" : "in another handler");
  if (number == SIGUSR1) raise(SIGUSR2);
  probe("in a handler, again");
  AFTER;
}
NOINLINE void on_signal_leaving(int number) {
  recurse(2, "in a handler that does not return");
  siglongjmp(out_of_handler, number);
}
NOINLINE void on_fault(int number) {
  recurse(1, "in a handler of a fault");
  siglongjmp(out_of_handler, number);
}
NOINLINE void leaf_handler(int number) {}
NOINLINE void signals(int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = flags | SA_NODEFER;
  action.sa_handler = on_signal;
  sigaction(SIGUSR1, &action, 0);
  action.sa_handler = on_signal;
  sigaction(SIGUSR2, &action, 0);
  raise(SIGUSR1);
  probe("after a handler");
  action.sa_handler = leaf_handler;
  sigaction(SIGUSR1, &action, 0);
  raise(SIGUSR1);
  probe("after a handler that calls nothing");
  action.sa_handler = on_signal_leaving;
  sigaction(SIGUSR1, &action, 0);
  for (volatile int i = 0; i < 2; i++) {
    if (sigsetjmp(out_of_handler, 1) == 0) raise(SIGUSR1);
    recurse(i, "after leaving a handler");
  }
  action.sa_handler = on_fault;
  sigaction(SIGSEGV, &action, 0);
  if (sigsetjmp(out_of_handler, 1) == 0) *(volatile int *)0 = 1;
  probe("after a fault");
  AFTER;
}
NOINLINE void signals_on_own_stack(void) {
  // In the middle of the stack that is interrupted: addresses alone do not tell which is which.
  char memory[65536];
  stack_t own = {.ss_sp = memory, .ss_size = sizeof memory};
  sigaltstack(&own, 0);
  signals(SA_ONSTACK);
  own.ss_flags = SS_DISABLE;
  sigaltstack(&own, 0);
  AFTER;
}

NOINLINE void variable_length(int n) {
  for (int i = 1; i < n; i++) {
    char array[i * 1000];
    memset(array, i, sizeof array);
    recurse(i & 3, "beside an array of variable length");
    __asm__ volatile("" ::"r"(array) : "memory");
  }
  AFTER;
}
NOINLINE void large_frame(int n) {
  char array[300000];
  memset(array, n, sizeof array);
  recurse(n, "below a large frame");
  __asm__ volatile("" ::"r"(array) : "memory");
}

static ucontext_t main_context, contexts[2];
NOINLINE void yield_from(int which, int n) {
  if (n > 0) {
    yield_from(which, n - 1);
    AFTER;
    return;
  }
  recurse(which, "in a coroutine");
  swapcontext(&contexts[which], &main_context);
  recurse(1, "in a coroutine that was resumed");
  AFTER;
}
NOINLINE void coroutine(int which) {
  for (int i = 0; i < 3; i++) yield_from(which, i);
  probe("at the end of a coroutine");
  AFTER;
}
NOINLINE void coroutines(void) {
  char *memory = malloc(2 * 65536);
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 2; i++) {
      getcontext(&contexts[i]);
      contexts[i].uc_stack.ss_sp = memory + i * 65536;
      contexts[i].uc_stack.ss_size = 65536;
      contexts[i].uc_link = &main_context;
      makecontext(&contexts[i], (void (*)(void))coroutine, 1, i);
    }
    for (int i = 0; i < 8; i++) {
      swapcontext(&main_context, &contexts[i & 1]);
      recurse(i & 1, "between coroutines");
    }
  }
  AFTER;
}

NOINLINE void *thread(void *argument) {
  for (int i = 0; i < 3; i++) recurse(i + (int)(long)argument, "in a thread");
  jump_inside_recursion(5);
  return 0;
}
NOINLINE void threads(void) {
  pthread_t one;
  for (long i = 0; i < 3; i++) {
    pthread_create(&one, 0, thread, (void *)i);
    recurse(i, "beside a thread");
    pthread_join(one, 0);
  }
  probe("after threads");
  AFTER;
}

NOINLINE void processes(char *program) {
  int status;
  if (fork() == 0) {
    recurse(1, "in a child");
    execl(program, program, "executed", (char *)0);
    _exit(1);
  }
  wait(&status);
  recurse(2, "in the parent");
  if (fork() == 0) {
    recurse(3, "in another child");
    _exit(0);
  }
  wait(&status);
  AFTER;
}

int main(int count, char **arguments) {
  int values[] = {3, 1, 2, 5, 4};
  if (count > 1) {
    recurse(4, "executed");
    return 0;
  }
  // Loads what unwinds.
  probe("first");
  recurse(5, "in a recursion");
  jump_out(4);
  jump_inside_recursion(6);
  tail_first(2);
  tail_indirect(3);
  qsort(values, 5, sizeof *values, compare);
  signals(0);
  signals_on_own_stack();
  variable_length(5);
  large_frame(2);
  coroutines();
  threads();
  processes(arguments[0]);
  recurse(1, "at the end");
  return 0;
}
