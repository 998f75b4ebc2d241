import { contract, fn } from "@qpp/core";

/** What `insn` offers to others. */
export const insn = contract("insn", {
  functions: {
    /** Instructions executed so far. */
    insns: fn<() => number>(),
  },
});
