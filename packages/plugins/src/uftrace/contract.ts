import { contract } from "@qpp/core";

/** What `uftrace` offers to others: nothing. What it writes it hears from `callstack`, which tells others as well. */
export const uftrace = contract("uftrace", {});
