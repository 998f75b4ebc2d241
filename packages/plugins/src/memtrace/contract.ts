import { contract, fn } from "@qpp/core";

/** What `memtrace` offers to others. */
export const memtrace = contract("memtrace", {
  functions: {
    /** Whether a trace is written: somebody wants files. */
    writing: fn<() => boolean>(),
    /** Blocks in the trace so far. */
    blocks: fn<() => number>(),
    /** Accesses in the trace so far: what translated code still holds is not among them. */
    accesses: fn<() => number>(),
    /** Bytes of the trace so far: what has not been compressed yet is not among them. */
    bytes: fn<() => number>(),
  },
});
