import { contract, fn } from "@qpp/core";

/** What `bb` offers to others. */
export const bb = contract("bb", {
  functions: {
    /** Blocks executed so far. */
    blocks: fn<() => number>(),
    /** Instructions in the blocks executed so far: a block counts whole, even if it faults in the middle. */
    insns: fn<() => number>(),
  },
});
