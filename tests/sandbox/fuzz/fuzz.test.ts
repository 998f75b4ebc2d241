import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { peer } from "../../peers.js";
import { COMPILER } from "../attacks.js";
import { compileFuzzer, fuzzCalls } from "./calls.js";
import { fuzzElf } from "./elf.js";

const MINUTES = 60_000;

const image = readFileSync(new URL("../../../guests/bin/hello", import.meta.url));

test(
  "2,000 changed programs are refused or run, and nothing else is thrown",
  () => {
    const { refused, ran } = fuzzElf(image, 2000, 1);
    expect(refused).toBeGreaterThan(200);
    expect(ran).toBeGreaterThan(1000);
  },
  5 * MINUTES,
);

// Found by 20,000 changed programs in one process: each that was refused kept the folders open that it had been given.
test.skipIf(!existsSync("/proc/self/fd"))("a refused program leaves nothing open (needs /proc)", () => {
  const open = (): number => readdirSync("/proc/self/fd").length;
  fuzzElf(image, 50, 1);
  const before = open();
  const { refused } = fuzzElf(image, 100, 1);
  expect(refused).toBeGreaterThan(5);
  expect(open()).toBeLessThanOrEqual(before);
});

describe.skipIf(!peer(COMPILER))(`random system calls (needs ${COMPILER})`, () => {
  test(
    "are answered, end, and touch nothing outside: 5,000 of them",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "qpp-fuzz-"));
      try {
        compileFuzzer(join(folder, "calls"));
        const { calls, succeeded } = fuzzCalls(join(folder, "calls"), 5000, 1);
        expect(calls).toBeGreaterThanOrEqual(5000);
        expect(succeeded.size).toBeGreaterThan(50);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    5 * MINUTES,
  );
});
