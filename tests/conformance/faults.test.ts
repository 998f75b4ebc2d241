import { describe, expect, test } from "vitest";
import { peer } from "../peers.js";
import { faultCampaign } from "./faults.js";
import { QEMU } from "./witness/qemu.js";

const PROGRAMS = 120;

describe.skipIf(!peer(QEMU))(`faulting programs (needs ${QEMU})`, () => {
  test(`${PROGRAMS} programs end with the same signal at the same address`, async () => {
    const ends = await faultCampaign({ seed: 5, programs: PROGRAMS });
    expect([...ends.keys()].sort()).toEqual(["SIGBUS", "SIGILL", "SIGSEGV", "SIGTRAP", "none"]);
  });
});
