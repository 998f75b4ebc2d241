import { contract, fn } from "@qpp/core";

/** What `execlog` offers to others. */
export const execlog = contract("execlog", {
  functions: {
    /** Instructions logged so far, but for what is still in a batch: all of them once the guest has ended. */
    instructions: fn<() => number>(),
    /** Accesses that stand in their lines. */
    accesses: fn<() => number>(),
  },
});
