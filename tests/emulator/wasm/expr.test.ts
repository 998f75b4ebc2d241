import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Expr, f32, f64, i32, i64 } from "../../../packages/emulator/src/wasm/expr.js";
import { func } from "../../../packages/emulator/src/wasm/func.js";
import { run } from "./run.js";

type Width = 32 | 64;
type IntegerMeaning = (a: bigint, b: bigint, width: Width) => bigint;

const s = (x: bigint, width: Width): bigint => BigInt.asIntN(width, x);
const u = (x: bigint, width: Width): bigint => BigInt.asUintN(width, x);
const truth = (condition: boolean): bigint => (condition ? 1n : 0n);
const low = (b: bigint, width: Width): bigint => b & BigInt(width - 1);
const rotate = (a: bigint, by: bigint, width: Width): bigint =>
  (u(a, width) << by) | (u(a, width) >> (BigInt(width) - by));
const digits = (a: bigint, width: Width): string => u(a, width).toString(2).padStart(width, "0");

/** What the core specification says of each integer instruction of two operands (of one: the first counts). */
const INTEGER: Readonly<Record<string, IntegerMeaning>> = {
  eqz: (a, _, w) => truth(u(a, w) === 0n),
  eq: (a, b, w) => truth(u(a, w) === u(b, w)),
  ne: (a, b, w) => truth(u(a, w) !== u(b, w)),
  lt_s: (a, b, w) => truth(s(a, w) < s(b, w)),
  lt_u: (a, b, w) => truth(u(a, w) < u(b, w)),
  gt_s: (a, b, w) => truth(s(a, w) > s(b, w)),
  gt_u: (a, b, w) => truth(u(a, w) > u(b, w)),
  le_s: (a, b, w) => truth(s(a, w) <= s(b, w)),
  le_u: (a, b, w) => truth(u(a, w) <= u(b, w)),
  ge_s: (a, b, w) => truth(s(a, w) >= s(b, w)),
  ge_u: (a, b, w) => truth(u(a, w) >= u(b, w)),
  clz: (a, _, w) => BigInt(`${digits(a, w)}1`.indexOf("1")),
  ctz: (a, _, w) => BigInt(w - 1 - `1${digits(a, w)}`.lastIndexOf("1") + 1),
  popcnt: (a, _, w) => BigInt(digits(a, w).replaceAll("0", "").length),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b, w) => a << low(b, w),
  shr_s: (a, b, w) => s(a, w) >> low(b, w),
  shr_u: (a, b, w) => u(a, w) >> low(b, w),
  rotl: (a, b, w) => rotate(a, low(b, w), w),
  rotr: (a, b, w) => rotate(a, BigInt(w) - low(b, w), w),
  extend8_s: (a) => BigInt.asIntN(8, a),
  extend16_s: (a) => BigInt.asIntN(16, a),
};

/** Division traps on 0, and on the one quotient that does not fit. */
const DIVISION: Readonly<Record<string, IntegerMeaning>> = {
  div_s: (a, b, w) => s(a, w) / s(b, w),
  div_u: (a, b, w) => u(a, w) / u(b, w),
  rem_s: (a, b, w) => s(a, w) % s(b, w),
  rem_u: (a, b, w) => u(a, w) % u(b, w),
};

const words: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 1n << 31n, 1n << 63n, 0x80n, 0x8000n),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.bigInt(-70n, 70n),
);

const COMPARISON = /^(eqz?|ne|[lg][te]_[su])$/;

describe("integer instructions", () => {
  const all = { ...INTEGER, ...DIVISION };
  it.each(Object.keys(all))("i32.%s and i64.%s", (name) => {
    const meaning = all[name];
    const narrow = (i32 as unknown as Record<string, (a: Expr, b: Expr) => Expr<"i32">>)[name];
    const wide = (i64 as unknown as Record<string, (a: Expr, b: Expr) => Expr>)[name];
    if (meaning === undefined || narrow === undefined || wide === undefined) throw new Error(name);
    const comparison = COMPARISON.test(name);
    const functions = run({
      narrow: func("narrow", ["i32", "i32"], "i32", (b, [x, y]) => b.return(narrow(x, y))),
      wide: func("wide", ["i64", "i64"], comparison ? "i32" : "i64", (b, [x, y]) => b.return(wide(x, y))),
    });
    fc.assert(
      fc.property(words, words, (a, b) => {
        for (const w of [32, 64] as const) {
          if (name in DIVISION && (u(b, w) === 0n || s(b, w) === -1n)) continue;
          const got = w === 32 ? functions.narrow(Number(s(a, 32)), Number(s(b, 32))) : functions.wide(a, b);
          expect(s(BigInt(got), w)).toBe(s(meaning(a, b, w), w));
        }
      }),
    );
  });
});

describe("conversions", () => {
  it("wraps, extends and reinterprets", () => {
    const functions = run({
      wrap: func("wrap", ["i64"], "i32", (b, [x]) => b.return(i32.wrap_i64(x))),
      signed: func("signed", ["i32"], "i64", (b, [x]) => b.return(i64.extend_i32_s(x))),
      unsigned: func("unsigned", ["i32"], "i64", (b, [x]) => b.return(i64.extend_i32_u(x))),
      extend32: func("extend32", ["i64"], "i64", (b, [x]) => b.return(i64.extend32_s(x))),
      single: func("single", ["i32"], "i32", (b, [x]) =>
        b.return(i32.reinterpret_f32(f32.reinterpret_i32(x))),
      ),
      double: func("double", ["i64"], "f64", (b, [x]) => b.return(f64.reinterpret_i64(x))),
    });
    const view = new DataView(new ArrayBuffer(8));
    fc.assert(
      fc.property(words, (a) => {
        const word = Number(s(a, 32));
        expect(functions.wrap(a)).toBe(word);
        expect(functions.signed(word)).toBe(s(a, 32));
        expect(functions.unsigned(word)).toBe(u(a, 32));
        expect(functions.extend32(a)).toBe(s(a, 32));
        expect(functions.single(word)).toBe(word);
        view.setBigInt64(0, s(a, 64));
        expect(functions.double(a)).toBe(view.getFloat64(0));
      }),
    );
  });

  it("rounds to integers and saturates", () => {
    const functions = run({
      s64: func("s64", ["f64"], "i64", (b, [x]) => b.return(i64.trunc_sat_f64_s(x))),
      u64: func("u64", ["f64"], "i64", (b, [x]) => b.return(i64.trunc_sat_f64_u(x))),
      s32: func("s32", ["f64"], "i32", (b, [x]) => b.return(i32.trunc_sat_f64_s(x))),
      u32: func("u32", ["f64"], "i32", (b, [x]) => b.return(i32.trunc_sat_f64_u(x))),
      fromS: func("fromS", ["i64"], "f64", (b, [x]) => b.return(f64.convert_i64_s(x))),
      fromU: func("fromU", ["i64"], "f32", (b, [x]) => b.return(f32.convert_i64_u(x))),
    });
    const clamp = (x: number, from: bigint, to: bigint): bigint => {
      if (Number.isNaN(x)) return 0n;
      if (x <= Number(from)) return from;
      return x >= Number(to) ? to : BigInt(Math.trunc(x));
    };
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.double({ min: -1e10, max: 1e10 })), words, (x, n) => {
        expect(functions.s64(x)).toBe(clamp(x, -(2n ** 63n), 2n ** 63n - 1n));
        expect(u(BigInt(functions.u64(x)), 64)).toBe(clamp(x, 0n, 2n ** 64n - 1n));
        expect(BigInt(functions.s32(x))).toBe(clamp(x, -(2n ** 31n), 2n ** 31n - 1n));
        expect(u(BigInt(functions.u32(x)), 32)).toBe(clamp(x, 0n, 2n ** 32n - 1n));
        expect(functions.fromS(n)).toBe(Number(s(n, 64)));
        if (u(n, 64) < 2n ** 53n) expect(functions.fromU(n)).toBe(Math.fround(Number(u(n, 64))));
      }),
    );
  });
});

type FloatMeaning = (a: number, b: number) => number;

/** Round half to even, for what fits. */
function nearest(a: number): number {
  const rounded = Math.abs(a % 1) === 0.5 ? 2 * Math.round(a / 2) : Math.round(a);
  return Math.abs(a) < 2 ** 52 ? rounded : a;
}

const FLOAT: Readonly<Record<string, FloatMeaning>> = {
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
  lt: (a, b) => Number(a < b),
  gt: (a, b) => Number(a > b),
  le: (a, b) => Number(a <= b),
  ge: (a, b) => Number(a >= b),
  abs: Math.abs,
  neg: (a) => -a,
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  nearest,
  sqrt: Math.sqrt,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
  copysign: (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)),
};

describe("floating-point instructions", () => {
  it.each(Object.keys(FLOAT))("f32.%s and f64.%s", (name) => {
    const meaning = FLOAT[name];
    const single = (f32 as unknown as Record<string, (a: Expr, b: Expr) => Expr>)[name];
    const double = (f64 as unknown as Record<string, (a: Expr, b: Expr) => Expr>)[name];
    if (meaning === undefined || single === undefined || double === undefined) throw new Error(name);
    const comparison = /^(eq|ne|[lg][te])$/.test(name);
    const functions = run({
      single: func("single", ["f32", "f32"], comparison ? "i32" : "f32", (b, [x, y]) =>
        b.return(single(x, y)),
      ),
      double: func("double", ["f64", "f64"], comparison ? "i32" : "f64", (b, [x, y]) =>
        b.return(double(x, y)),
      ),
    });
    const numbers = fc.oneof(
      fc.double(),
      fc.constantFrom(0, -0, 0.5, -0.5, 1.5, 2.5, -2.5, Number.POSITIVE_INFINITY),
      fc.integer({ min: -8, max: 8 }),
    );
    const same = (got: number | bigint, wanted: number): void => {
      expect(Object.is(got, wanted), `${got} is ${wanted}`).toBe(true);
    };
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        same(functions.double(a, b), meaning(a, b));
        const [x, y] = [Math.fround(a), Math.fround(b)];
        // Rounding an operation on singles twice, by way of doubles, is harmless (Figueroa 1995).
        same(functions.single(x, y), Math.fround(meaning(x, y)));
      }),
    );
  });
});

describe("constants", () => {
  it("give back what they were made of", () => {
    fc.assert(
      fc.property(words, fc.double({ noNaN: true }), (n, x) => {
        const functions = run({
          i32: func("i32", [], "i32", (b) => b.return(i32.const(s(n, 32)))),
          i64: func("i64", [], "i64", (b) => b.return(i64.const(n))),
          f32: func("f32", [], "f32", (b) => b.return(f32.const(x))),
          f64: func("f64", [], "f64", (b) => b.return(f64.const(x))),
        });
        expect(functions.i32()).toBe(Number(s(n, 32)));
        expect(functions.i64()).toBe(s(n, 64));
        expect(functions.f32()).toBe(Math.fround(x));
        expect(functions.f64()).toBe(x);
      }),
      { numRuns: 50 },
    );
  });
});
