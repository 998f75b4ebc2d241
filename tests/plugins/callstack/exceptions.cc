// Exceptions through frames with and without something to clean up; at each probe the program says by itself which functions
// it is in (see frames.c).
#include <execinfo.h>
#include <stdexcept>
#include <stdio.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))
#define AFTER __asm__ volatile("" ::: "memory")

extern "C" NOINLINE void probe(const char *label) {
  void *frames[64];
  int count = backtrace(frames, 64);
  char line[2048];
  int length = sprintf(line, "%s", label);
  for (int i = 1; i < count; i++) length += sprintf(line + length, " %lx", (long)frames[i]);
  line[length++] = '\n';
  (void)!write(1, line, length);
}

struct Guard {
  const char *label;
  NOINLINE ~Guard() {
    probe(label);
    AFTER;
  }
};

NOINLINE void raise_it(int kind) {
  if (kind & 1) throw std::runtime_error("odd");
  throw kind;
}
NOINLINE void plain(int n, int kind) {
  if (n == 0) raise_it(kind);
  else plain(n - 1, kind);
  AFTER;
}
NOINLINE void guarded(int n, int kind) {
  Guard guard{"cleaning up"};
  if (n == 0) plain(3, kind);
  else guarded(n - 1, kind);
  AFTER;
}
NOINLINE void rethrowing(int kind) {
  try {
    guarded(2, kind);
  } catch (const std::exception &) {
    probe("catching, to throw again");
    throw;
  }
  AFTER;
}
NOINLINE int catching(int kind) {
  try {
    rethrowing(kind);
  } catch (const std::exception &error) {
    probe("catching an exception");
    return 1;
  } catch (int) {
    probe("catching a number");
    return 2;
  }
  return 0;
}
NOINLINE void nested(int n) {
  try {
    plain(n, n);
  } catch (...) {
    probe("in a handler");
    if (n > 0) nested(n - 1);
    probe("in a handler, again");
  }
  AFTER;
}

int main() {
  probe("first");
  for (int i = 0; i < 4; i++) {
    catching(i);
    probe("after it was caught");
  }
  nested(3);
  probe("at the end");
  return 0;
}
