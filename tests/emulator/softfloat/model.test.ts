import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { model } from "./model.js";
import { someCases } from "./operands.js";
import {
  type Case,
  compute,
  describeCase,
  type FormatName,
  MODES,
  NX,
  OPERATIONS,
  type Operation,
  RNE,
  SHAPES,
} from "./operations.js";

/** Bit patterns of a format; small arguments shrink to zero and one. */
function numbers(format: FormatName): fc.Arbitrary<bigint> {
  const { width, exponentBits, fractionBits } = SHAPES[format];
  const max = 2 ** exponentBits - 1;
  const bias = max >> 1;
  const all = (1n << BigInt(fractionBits)) - 1n;
  const power = fc.integer({ min: 0, max: fractionBits - 1 }).map((n) => 1n << BigInt(n));
  const fraction = fc.oneof(
    fc.constantFrom(0n, 1n, all, all - 1n, 1n << BigInt(fractionBits - 1)),
    power,
    power.map((bit) => all ^ bit),
    fc.bigInt(0n, all),
  );
  const exponent = fc.oneof(
    fc.constantFrom(0, 1, bias, max - 1, max),
    fc.integer({ min: bias - fractionBits - 3, max: bias + fractionBits + 3 }),
    fc.integer({ min: 0, max }),
  );
  return fc
    .tuple(fc.constantFrom(0n, 1n), exponent, fraction)
    .map(([sign, e, f]) => (sign << BigInt(width - 1)) | (BigInt(e) << BigInt(fractionBits)) | f);
}

const integers: fc.Arbitrary<bigint> = fc
  .tuple(fc.bigInt(0n, 2n ** 64n - 1n), fc.integer({ min: 0, max: 63 }))
  .map(([n, shift]) => BigInt.asUintN(64, BigInt.asIntN(64, n) >> BigInt(shift)));

function cases(operation: Operation): fc.Arbitrary<Case> {
  return fc.constantFrom<FormatName>("single", "double").chain((format) => {
    const operand = operation.startsWith("from") ? integers : numbers(format);
    return fc.record({
      operation: fc.constant(operation),
      format: fc.constant(format),
      rm: fc.constantFrom(...MODES),
      operands: fc.tuple(operand, operand, operand),
    });
  });
}

describe("against exact rational numbers", () => {
  it.each(OPERATIONS)("%s: results and flags as the standard says", (operation) => {
    fc.assert(
      fc.property(cases(operation), fc.constantFrom(0, NX), (c, before) => {
        const { result, flags } = model(c);
        expect(compute(c, before), describeCase(c)).toEqual({ result, flags: flags | before });
      }),
      { numRuns: 400 },
    );
  });

  it("agrees on operands chosen to be awkward", () => {
    for (const c of someCases(1, 8_000)) expect(compute(c), describeCase(c)).toEqual(model(c));
  });
});

describe("fma", () => {
  it("keeps the last bit of a product that is shifted out under a tie", () => {
    // (1 + 2^-26) * (1 - 2^-26 + 2^-52) = 1 + 2^-78; the sum is half-way but for that.
    const x = 0x3ff0000004000000n;
    const y = 0x3feffffff8000002n;
    for (let exponent = -3; exponent < 70; exponent++) {
      for (const sign of [0n, 1n << 63n]) {
        for (const rm of MODES) {
          const z = (BigInt(1023 + exponent) << 52n) | sign;
          const c: Case = { operation: "fma", format: "double", rm, operands: [x, y, z] };
          expect(compute(c), describeCase(c)).toEqual(model(c));
        }
      }
    }
  });
});

describe("native and exact paths", () => {
  it.each([
    ["every operation", OPERATIONS, 60_000],
    ["fma", ["fma"], 60_000],
    ["add and mul", ["add", "mul"], 60_000],
  ] as const)("%s: the same result, whether the inexact flag is accrued or not", (_, operations, count) => {
    const wrong = someCases(2, count, operations, [RNE]).filter((c) => {
      const exact = compute(c, 0);
      const native = compute(c, NX);
      return native.result !== exact.result || native.flags !== (exact.flags | NX);
    });
    expect(wrong.map(describeCase)).toEqual([]);
  });

  it("keeps flags that were accrued before", () => {
    const one: Case = { operation: "add", format: "double", rm: RNE, operands: [0n, 0n, 0n] };
    for (let flags = 0; flags < 32; flags++) expect(compute(one, flags).flags).toBe(flags);
    // frm shares the register and stays as it is.
    const third: Case = {
      ...one,
      operation: "div",
      operands: [0x3ff0000000000000n, 0x4008000000000000n, 0n],
    };
    expect(compute(third, 0x60 | 16).flags).toBe(0x60 | 16 | NX);
  });
});
