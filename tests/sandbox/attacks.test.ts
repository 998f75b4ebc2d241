import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { peer } from "../peers.js";
import { createArena } from "./arena.js";
import { runAttack } from "./attack.js";
import { COMPILER, compileAttacks, listAttacks } from "./attacks.js";

const attacks = listAttacks();

/** Those that go on for ever need not go on for long. */
const limitsOf = (expected: string): { maxInsns?: number } =>
  expected.startsWith("stopped") ? { maxInsns: 1_000_000 } : {};

test("there are at least 60 attacks, each named once", () => {
  expect(attacks.length).toBeGreaterThanOrEqual(60);
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
});

describe.skipIf(!peer(COMPILER))(`each attack fails in its own way (needs ${COMPILER})`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "qpp-attacks-"));
    compileAttacks(join(folder, "attacks"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(attacks)("$family: $name: $expected", ({ name, expected }) => {
    const arena = createArena();
    try {
      if (name === "host_socket") arena.addSocket();
      const before = arena.outside();
      const { told } = runAttack(join(folder, "attacks"), name, arena, limitsOf(expected));
      expect(told).toBe(expected);
      expect(arena.outside()).toEqual(before);
      expect(arena.privileged()).toBe("");
    } finally {
      arena.remove();
    }
  });
});
