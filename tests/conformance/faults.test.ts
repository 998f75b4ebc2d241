import { describe, expect, test } from "vitest";
import { instructionNamed } from "../../packages/emulator/src/isa/riscv/table.js";
import { peer } from "../peers.js";
import { faultCampaign, outcome } from "./faults.js";
import { round, sequenceOf } from "./program/faults.js";
import { buildImage } from "./program/image.js";
import { QEMU } from "./witness/qemu.js";

const DYNAMIC = 7;
const INVALID: readonly { readonly rm: number; readonly frm: number }[] = [
  ...[5, 6].map((rm) => ({ rm, frm: 0 })),
  ...[5, 6, 7].map((frm) => ({ rm: DYNAMIC, frm })),
];

const PROGRAMS = 100;
/** Milliseconds: the work of a few seconds, on a machine that does much else. */
const TIMEOUT = 240_000;

describe.skipIf(!peer(QEMU))(`faulting programs (needs ${QEMU})`, () => {
  test(
    `${PROGRAMS} programs end with the same signal at the same address`,
    async () => {
      const ends = await faultCampaign({ seed: 5, programs: PROGRAMS });
      expect([...ends.keys()].sort()).toEqual(["SIGBUS", "SIGILL", "SIGSEGV", "SIGTRAP", "none"]);
    },
    TIMEOUT,
  );

  const rows = ["fadd.s", "fcvt.d.w", "fcvt.w.d", "fmadd.d"].map(instructionNamed);
  test.each(INVALID.flatMap((mode) => rows.map((row) => ({ ...mode, row, name: row.name }))))(
    "$name is illegal with mode $rm and frm $frm",
    async ({ row, rm, frm }) => {
      const ends = await outcome(buildImage([sequenceOf(round(row, { rm }, frm))]));
      expect(ends).toEqual({ lines: [], signal: "SIGILL" });
    },
  );
});
