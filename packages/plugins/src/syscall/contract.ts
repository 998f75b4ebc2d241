import { contract, fn } from "@qpp/core";

/** What `syscall` offers to others. */
export const syscall = contract("syscall", {
  functions: {
    /** How often a system call of this name was made so far. */
    calls: fn<(name: string) => number>(),
  },
});
