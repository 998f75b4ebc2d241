import { describe, expect, test } from "vitest";
import { peer } from "../peers.js";
import { campaign } from "./campaign.js";
import * as atoms from "./program/atoms.js";
import { INTERPRETED, TRANSLATED, TRANSLATED_WARM } from "./witness/machine.js";
import { QEMU } from "./witness/qemu.js";

/** Fewer where each block is translated before it is executed, as that takes much longer. All draw from the same rows. */
const RUNS = [
  { way: "interpreted", machine: INTERPRETED, insns: 1_000_000, batch: 1000, rounds: 25 },
  {
    way: "translated after a few rounds",
    machine: TRANSLATED_WARM,
    insns: 1_000_000,
    batch: 500,
    rounds: 50,
  },
  { way: "translated at once", machine: TRANSLATED, insns: 2_000, batch: 50, rounds: 1 },
] as const;
const SEED = 2026;
/** Milliseconds: the work of a few seconds, on a machine that does much else. */
const TIMEOUT = 240_000;

describe.skipIf(!peer(QEMU))(`random programs (needs ${QEMU})`, () => {
  test.each(RUNS)(
    "$insns instructions, $way, leave the same registers, fcsr and memory",
    async ({ machine, insns: wanted, batch, rounds }) => {
      const { insns, mnemonics } = await campaign({ seed: SEED, insns: wanted, machine, batch, rounds });
      expect(insns).toBeGreaterThanOrEqual(wanted);
      if (machine !== INTERPRETED) return;
      const rows = [
        ...[atoms.PLAIN, atoms.EXTENDED, atoms.MEMORY, atoms.ATOMIC, atoms.BRANCH, atoms.CSR].flat(),
        ...[atoms.SHORT_PLAIN, atoms.SHORT_MEMORY, atoms.SHORT_BRANCH].flat(),
      ];
      const names = [...rows.map((row) => row.name), "jal", "jalr", "ecall", "c.j", "c.jr", "c.jalr"];
      const missing = names.filter((name) => (mnemonics.get(name) ?? 0) < wanted / rounds / 20_000);
      expect(missing, "rows of the table that were hardly generated").toEqual([]);
    },
    TIMEOUT,
  );
});
