import { describe, expect, test } from "vitest";
import { peer } from "../peers.js";
import { campaign } from "./campaign.js";
import * as atoms from "./program/atoms.js";
import { QEMU } from "./witness/qemu.js";

const INSNS = 200_000;
const SEED = 2026;
/** Milliseconds: the work of a few seconds, on a machine that does much else. */
const TIMEOUT = 240_000;

describe.skipIf(!peer(QEMU))(`random programs (needs ${QEMU})`, () => {
  test(
    `${INSNS} instructions leave the same registers, fcsr and memory`,
    async () => {
      const { insns, mnemonics } = await campaign({ seed: SEED, insns: INSNS });
      expect(insns).toBeGreaterThanOrEqual(INSNS);
      const rows = [
        ...[atoms.PLAIN, atoms.MEMORY, atoms.ATOMIC, atoms.BRANCH, atoms.CSR].flat(),
        ...[atoms.SHORT_PLAIN, atoms.SHORT_MEMORY, atoms.SHORT_BRANCH].flat(),
      ];
      const names = [...rows.map((row) => row.name), "jal", "jalr", "ecall", "c.j", "c.jr", "c.jalr"];
      const missing = names.filter((name) => (mnemonics.get(name) ?? 0) < 10);
      expect(missing, "rows of the table that were hardly generated").toEqual([]);
    },
    TIMEOUT,
  );
});
