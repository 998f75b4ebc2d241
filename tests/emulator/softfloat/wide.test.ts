import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addWide,
  multiplyWide,
  negateWide,
  shiftRightJam,
  shiftRightJamWide,
  subtractWide,
  type Wide,
} from "../../../packages/emulator/src/softfloat/wide.js";
import type { Body, Variable } from "../../../packages/emulator/src/wasm/body.js";
import { i32 } from "../../../packages/emulator/src/wasm/expr.js";
import { type Func, func } from "../../../packages/emulator/src/wasm/func.js";
import { encodeModule } from "../../../packages/emulator/src/wasm/module.js";
import type {} from "../../../packages/emulator/src/wasm/webassembly.js";

type Exported = (...args: (bigint | number)[]) => bigint;

const i64x4 = ["i64", "i64", "i64", "i64"] as const;

/** Two functions for what works on 128 bits, as a function has one result: the upper half, and the lower. */
function halves(
  name: string,
  write: (b: Body, x: Wide, y: Wide) => Wide,
): Record<string, Func<typeof i64x4, "i64">> {
  const half = (pick: (wide: Wide) => Variable<"i64">): Func<typeof i64x4, "i64"> =>
    func(name, i64x4, "i64", (b, [xHigh, xLow, yHigh, yLow]) => {
      b.return(pick(write(b, { high: xHigh, low: xLow }, { high: yHigh, low: yLow })));
    });
  return { [`${name}.high`]: half((wide) => wide.high), [`${name}.low`]: half((wide) => wide.low) };
}

const inPlace =
  (write: (b: Body, x: Wide, y: Wide) => void) =>
  (b: Body, x: Wide, y: Wide): Wide => {
    write(b, x, y);
    return x;
  };

const exported = {
  ...halves("multiply", (b, x, y) => multiplyWide(b, x.low, y.low)),
  ...halves("add", inPlace(addWide)),
  ...halves("subtract", inPlace(subtractWide)),
  ...halves("negate", inPlace(negateWide)),
  ...halves(
    "shift",
    inPlace((b, x, n) => shiftRightJamWide(b, x, b.let(i32.wrap_i64(n.low)))),
  ),
  jam: func("jam", ["i64", "i32"], "i64", (b, [x, n]) => b.return(shiftRightJam(x, n))),
};

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(encodeModule({ exports: exported })));
const functions = exports as unknown as Readonly<Record<string, Exported>>;

function call(name: string, x: bigint, y: bigint): bigint {
  const args = [x >> 64n, BigInt.asUintN(64, x), y >> 64n, BigInt.asUintN(64, y)];
  const [high, low] = ["high", "low"].map((half) => functions[`${name}.${half}`]?.(...args) ?? 0n);
  return (BigInt.asUintN(64, high ?? 0n) << 64n) | BigInt.asUintN(64, low ?? 0n);
}

function jammed(x: bigint, n: number): bigint {
  const kept = x >> BigInt(n);
  return kept << BigInt(n) === x ? kept : kept | 1n;
}

/** Integers with runs of zeros and ones. */
function words(bits: number): fc.Arbitrary<bigint> {
  const all = (1n << BigInt(bits)) - 1n;
  const at = fc.integer({ min: 0, max: bits - 1 }).map((n) => 1n << BigInt(n));
  return fc.oneof(
    fc.bigInt(0n, all),
    fc.constantFrom(0n, 1n, all),
    at,
    fc.tuple(at, at).map(([a, b]) => a | b),
    at.map((a) => all ^ (a - 1n)),
  );
}

const wide = words(128);

describe("128-bit integers", () => {
  it("multiplies 64 bits by 64", () => {
    fc.assert(
      fc.property(words(64), words(64), (x, y) => {
        expect(call("multiply", x, y)).toBe(x * y);
      }),
    );
  });

  it("adds, subtracts and negates modulo 2^128", () => {
    fc.assert(
      fc.property(wide, wide, (x, y) => {
        expect(call("add", x, y)).toBe(BigInt.asUintN(128, x + y));
        expect(call("subtract", x, y)).toBe(BigInt.asUintN(128, x - y));
        expect(call("negate", x, 0n)).toBe(BigInt.asUintN(128, -x));
      }),
    );
  });

  it("shifts right by any distance, and jams what is lost", () => {
    const distance = fc.oneof(fc.integer({ min: 0, max: 130 }), fc.integer({ min: 0, max: 5000 }));
    fc.assert(
      fc.property(wide, distance, (x, n) => {
        expect(call("shift", x, BigInt(n))).toBe(jammed(x, n));
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(words(64), distance, (x, n) => {
        expect(BigInt.asUintN(64, functions.jam?.(x, n) ?? 0n)).toBe(jammed(x, n));
      }),
      { numRuns: 1000 },
    );
  });
});
