import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { peer } from "../../peers.js";
import { COMPILER } from "../attacks.js";
import { compileFuzzer, fuzzCalls } from "./calls.js";
import { fuzzElf } from "./elf.js";

const MINUTES = 60_000;

test(
  "300 changed programs are refused or run, and nothing else is thrown",
  () => {
    const image = readFileSync(new URL("../../../guests/bin/hello", import.meta.url));
    const { refused, ran } = fuzzElf(image, 300, 1);
    expect(refused).toBeGreaterThan(20);
    expect(ran).toBeGreaterThan(100);
  },
  5 * MINUTES,
);

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
