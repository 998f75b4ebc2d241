import { contract, fn } from "@qpp/core";

/** What `mem` offers to others. */
export const mem = contract("mem", {
  functions: {
    /** Loads so far; an atomic read-modify-write is a load and a store. */
    loads: fn<() => number>(),
    /** Stores so far. */
    stores: fn<() => number>(),
  },
});
