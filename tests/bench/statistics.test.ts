import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exponent, geometricMean, median } from "../../bench/statistics.js";

const seconds = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

describe("median", () => {
  test("is one of the values, with as many at most as at least as large", () => {
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1 }), (values) => {
        const middle = median(values);
        expect(values).toContain(middle);
        const half = values.length / 2;
        expect(values.filter((value) => value <= middle).length).toBeGreaterThan(half);
        expect(values.filter((value) => value >= middle).length).toBeGreaterThanOrEqual(half);
      }),
    );
  });

  test("of nothing is refused", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("geometricMean", () => {
  test("of ratios turned round is that of the ratios turned round", () => {
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1 }), (ratios) => {
        const mean = geometricMean(ratios);
        expect(geometricMean(ratios.map((ratio) => 1 / ratio)) * mean).toBeCloseTo(1, 9);
        expect(mean).toBeGreaterThanOrEqual(Math.min(...ratios) * (1 - 1e-9));
        expect(mean).toBeLessThanOrEqual(Math.max(...ratios) * (1 + 1e-9));
      }),
    );
  });

  test("2 and 8 are 4", () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4, 12);
  });
});

test("exponent is that of a power", () => {
  const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(sizes, seconds, fc.double({ min: -3, max: 3, noNaN: true }), (xs, factor, power) => {
      const points = xs.map((x) => [x, factor * x ** power] as const);
      expect(exponent(points)).toBeCloseTo(power, 5);
    }),
  );
});
