import { contract, fn } from "@qpp/core";

/** A call path, and the instructions executed at its end. */
export interface ProfiledPath {
  /** Names of functions, the outermost first. */
  readonly path: readonly string[];
  /** Instructions that the innermost function executed itself when it was called so. */
  readonly insns: number;
}

/** What `profile` offers to others. */
export const profile = contract("profile", {
  functions: {
    /** All call paths so far on which instructions were executed, over all threads and processes. */
    paths: fn<() => readonly ProfiledPath[]>(),
  },
});
