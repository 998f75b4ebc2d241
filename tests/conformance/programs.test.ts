import { describe, expect, test } from "vitest";
import { peer } from "../peers.js";
import { programCampaign } from "./programs.js";
import { QEMU } from "./witness/qemu.js";

const PROGRAMS = 12;
/** Milliseconds: the work of a few seconds, on a machine that does much else. */
const TIMEOUT = 240_000;

describe.skipIf(!peer(QEMU))(`random programs with control flow (needs ${QEMU})`, () => {
  test(
    `${PROGRAMS} of them leave the same registers, fcsr, memory and signal`,
    async () => {
      const { insns } = await programCampaign({ seed: 2026, trials: PROGRAMS, patience: 20_000 });
      expect(insns).toBeGreaterThan(PROGRAMS * 1000);
    },
    TIMEOUT,
  );
});
