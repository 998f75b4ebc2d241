import { contract } from "@qpp/core";

/** What `drcov` offers to others: nothing. What it writes is `coverage`'s, which has functions for it. */
export const drcov = contract("drcov", {});
