import { expect, test } from "vitest";
import { differences } from "../../bench/machine/differences.js";

test("nothing, where both tell the same; what only QPP tells is not compared", () => {
  expect(differences({ insns: 5, more: 1, list: [[1, 2]] }, { insns: 5, list: [[1, 2]] })).toEqual([]);
});

test("the largest in proportion is first", () => {
  expect(differences({ a: 101, b: [0, 3] }, { a: 100, b: [0, 2] })).toEqual([
    { figure: "b.1", qpp: 3, qemu: 2 },
    { figure: "a", qpp: 101, qemu: 100 },
  ]);
});

test("what QPP does not tell is an error", () => {
  expect(() => differences({ hottest: [[1]] }, { hottest: [[1], [2]] })).toThrow("hottest.1.0");
});

test("sums that differ come after counts that do: they cannot be the same then", () => {
  expect(differences({ sum: "0x1", count: 3 }, { sum: "0x2", count: 2 })).toEqual([
    { figure: "count", qpp: 3, qemu: 2 },
    { figure: "sum", qpp: "0x1", qemu: "0x2" },
  ]);
  expect(differences({ sum: "0x1", count: 2 }, { sum: "0x2", count: 2 })).toHaveLength(1);
});
