import { contract, fn } from "@qpp/core";

/** Executed blocks (`tb`) and instructions (`insn`), and memory accesses (`mem`). */
export type InlineCounts = Readonly<Record<"tb" | "insn" | "mem", number>>;

/** What `inline` offers to others. */
export const inline = contract("inline", {
  functions: {
    /** What was counted so far, by the inline lane, over all vCPUs; at the end all other lanes have counted the same. */
    counts: fn<() => InlineCounts>(),
  },
});
