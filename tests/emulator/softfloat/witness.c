// Executes floating-point instructions, one for each record on stdin, and tells what came out.
// record: operation, format (0 single, 1 double), rounding mode, 5 bytes of nothing, three operands of 8 bytes
// answer: result (8 bytes), fflags (8 bytes)
// Operations are numbered as in operations.ts.
#include <stdint.h>
#include <stdio.h>

struct record {
  uint8_t operation, format, mode, nothing[5];
  uint64_t a, b, c;
};
struct answer {
  uint64_t result, flags;
};

static double d(uint64_t bits) {
  double value;
  __asm__("fmv.d.x %0, %1" : "=f"(value) : "r"(bits));
  return value;
}
static float s(uint64_t bits) {
  float value;
  __asm__("fmv.w.x %0, %1" : "=f"(value) : "r"(bits));
  return value;
}
static uint64_t d_bits(double value) {
  uint64_t bits;
  __asm__("fmv.x.d %0, %1" : "=r"(bits) : "f"(value));
  return bits;
}
static uint64_t s_bits(float value) {
  uint64_t bits;
  __asm__("fmv.x.w %0, %1" : "=r"(bits) : "f"(value));
  return bits & 0xffffffff;
}

// FF: float from floats, XF: integer from floats, FX: float from an integer.
#define FF1(T, P, insn) { T r; __asm__ volatile(insn " %0, %1" : "=f"(r) : "f"(P(q->a))); return P##_bits(r); }
#define FF2(T, P, insn) { T r; __asm__ volatile(insn " %0, %1, %2" : "=f"(r) : "f"(P(q->a)), "f"(P(q->b))); return P##_bits(r); }
#define FF3(T, P, insn) { T r; __asm__ volatile(insn " %0, %1, %2, %3" : "=f"(r) : "f"(P(q->a)), "f"(P(q->b)), "f"(P(q->c))); return P##_bits(r); }
#define XF1(P, insn) { uint64_t r; __asm__ volatile(insn : "=r"(r) : "f"(P(q->a))); return r; }
#define XF2(P, insn) { uint64_t r; __asm__ volatile(insn " %0, %1, %2" : "=r"(r) : "f"(P(q->a)), "f"(P(q->b))); return r; }
#define FX(T, P, insn) { T r; __asm__ volatile(insn : "=f"(r) : "r"(q->a)); return P##_bits(r); }

#define FORMAT(T, P, X)                            \
  switch (q->operation) {                          \
    case 0: FF2(T, P, "fadd." X)                   \
    case 1: FF2(T, P, "fsub." X)                   \
    case 2: FF2(T, P, "fmul." X)                   \
    case 3: FF2(T, P, "fdiv." X)                   \
    case 4: FF1(T, P, "fsqrt." X)                  \
    case 5: FF3(T, P, "fmadd." X)                  \
    case 6: FF2(T, P, "fmin." X)                   \
    case 7: FF2(T, P, "fmax." X)                   \
    case 8: XF2(P, "feq." X)                       \
    case 9: XF2(P, "flt." X)                       \
    case 10: XF2(P, "fle." X)                      \
    case 11: XF1(P, "fclass." X " %0, %1")         \
    case 12: XF1(P, "fcvt.w." X " %0, %1, dyn")    \
    case 13: XF1(P, "fcvt.wu." X " %0, %1, dyn")   \
    case 14: XF1(P, "fcvt.l." X " %0, %1, dyn")    \
    case 15: XF1(P, "fcvt.lu." X " %0, %1, dyn")   \
    case 16: FX(T, P, "fcvt." X ".w %0, %1")       \
    case 17: FX(T, P, "fcvt." X ".wu %0, %1")      \
    case 18: FX(T, P, "fcvt." X ".l %0, %1")       \
    case 19: FX(T, P, "fcvt." X ".lu %0, %1")      \
  }

static uint64_t execute(const struct record *q) {
  if (q->format == 0) {
    FORMAT(float, s, "s")
    double r;
    __asm__ volatile("fcvt.d.s %0, %1" : "=f"(r) : "f"(s(q->a)));
    return d_bits(r);
  }
  FORMAT(double, d, "d")
  float r;
  __asm__ volatile("fcvt.s.d %0, %1" : "=f"(r) : "f"(d(q->a)));
  return s_bits(r);
}

int main(void) {
  static struct record records[4096];
  static struct answer answers[4096];
  size_t count;
  while ((count = fread(records, sizeof *records, 4096, stdin)) > 0) {
    for (size_t i = 0; i < count; i++) {
      uint64_t mode = records[i].mode;
      __asm__ volatile("fsrm %0\n\tfsflags zero" : : "r"(mode));
      answers[i].result = execute(&records[i]);
      __asm__ volatile("frflags %0" : "=r"(answers[i].flags));
    }
    fwrite(answers, sizeof *answers, count, stdout);
  }
  return 0;
}
