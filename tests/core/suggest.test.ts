import { nearest } from "@qpp/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { numRuns } from "./num-runs.js";

const names = ["bb", "hotblocks", "insn", "mem", "osi", "syscall", "syscalls", "syscalls_logger"];

test("the nearest name is the one that was meant", () => {
  expect(nearest("hotblock", names)).toBe("hotblocks");
  expect(nearest("isnn", names)).toBe("insn");
  expect(nearest("OSI", names)).toBe("osi");
  expect(nearest("syscals", names)).toBe("syscall");
  expect(nearest("syscalls-loger", names)).toBe("syscalls_logger");
  expect(nearest("men", names)).toBe("mem");
  expect(nearest("something", names)).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});

test("one slip of any kind in a name of some length finds it again", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names.filter(({ length }) => length > 5)),
      fc.nat(),
      fc.nat({ max: 3 }),
      (name, at, kind) => {
        const i = at % (name.length - 1);
        const [head, a, b, tail] = [name.slice(0, i), name[i], name[i + 1], name.slice(i + 2)];
        const slip = [
          `${head}${b}${a}${tail}`,
          `${head}${a}${tail}`,
          `${head}${a}#${b}${tail}`,
          `${head}#${b}${tail}`,
        ][kind];
        const found = nearest(slip ?? "", names);
        // Two of the names are one letter apart.
        expect(found?.replace("syscalls", "syscall").replace("syscall_", "syscalls_")).toBe(
          name === "syscalls" ? "syscall" : name,
        );
      },
    ),
  );
});

/** How many slips make `b` of `a`, by the definition: the last letters are the same, or one of four things happened to them. */
function slips(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [headA, headB] = [a.slice(0, -1), b.slice(0, -1)];
  const same = a.at(-1) === b.at(-1) ? 0 : 1;
  const swapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  return Math.min(
    slips(headA, headB) + same,
    slips(headA, b) + 1,
    slips(a, headB) + 1,
    swapped ? slips(headA.slice(0, -1), headB.slice(0, -1)) + 1 : Number.POSITIVE_INFINITY,
  );
}

test("it is the one with the fewest slips, one in three letters at most, and of two such the first in the alphabet", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "B", "c"), maxLength: 6 });
  fc.assert(
    fc.property(word, fc.uniqueArray(word, { maxLength: 6 }), (name, others) => {
      const rated = others
        .map((other) => ({ other, far: slips(name.toLowerCase(), other.toLowerCase()) }))
        .filter(({ far }) => far <= Math.max(1, Math.floor(name.length / 3)))
        .sort((a, b) => a.far - b.far || (a.other < b.other ? -1 : 1));
      expect(nearest(name, others)).toBe(rated[0]?.other);
    }),
    { numRuns: numRuns(1000) },
  );
});

test.each([
  ["abcdef", ["ab"], undefined],
  ["abcdef", ["abcd"], "abcd"],
  ["abcdef", ["abdcfe"], "abdcfe"],
  ["abcdef", ["badcfe"], undefined],
  ["ab", ["ba"], "ba"],
  ["ab", ["bac"], undefined],
  ["bx", ["yb"], undefined],
  ["xb", ["by"], undefined],
  ["", ["a"], "a"],
  ["", ["ab"], undefined],
  ["abc", ["zbc", "axc", "abz"], "abz"],
  ["abc", ["abz", "axc", "zbc", "abc"], "abc"],
])("of %j and %j it is %j", (name, others, expected) => {
  expect(nearest(name, others)).toBe(expected);
});
