import { callback, contract, fn } from "@qpp/core";

/** An instruction that was replaced. */
export interface Patched {
  readonly pc: number;
  /** How often: again each time that its block is executed with the old bytes in it. */
  readonly times: number;
}

/** What `patch` offers to others. */
export const patch = contract("patch", {
  callbacks: {
    /** The instruction at this address was replaced, and read back; its block has not been executed yet. */
    onPatch: callback<[pc: number]>(),
  },
  functions: {
    /** What was replaced so far, in the order of the first times. */
    patched: fn<() => readonly Patched[]>(),
  },
});
