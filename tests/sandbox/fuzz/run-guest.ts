import { createMachine, type MachineOptions } from "../../../packages/emulator/src/machine/machine.js";
import type { Arena } from "../arena.js";

/** Milliseconds of the host that one short run may take before it is taken to hang. */
const TIMEOUT = 60_000;
const MOST_INSNS = 3_000_000;
const MOST_MEMORY = 1 << 26;

/**
 * Runs a guest that may be anything, under small limits.
 * @throws whatever the machine throws, and an Error if it does not come to an end.
 */
export function runGuest(
  guest: Pick<MachineOptions, "path" | "image" | "args">,
  arena: Arena,
  maxInsns: number = MOST_INSNS,
): void {
  const machine = createMachine({
    ...guest,
    env: {},
    files: { ...arena.files, maxFiles: 200, maxOutput: 1 << 20 },
    stdio: [
      { read: () => 0, write: () => {} },
      { read: () => 0, write: () => {} },
      { read: () => 0, write: () => {} },
    ],
    seed: 1,
    maxInsns,
    maxMemory: MOST_MEMORY,
    report: () => {},
  });
  const end = Date.now() + TIMEOUT;
  while (machine.runSlice(100_000) === undefined) {
    if (Date.now() > end) throw new Error(`the guest is still running after ${TIMEOUT / 1000} s`);
  }
}
