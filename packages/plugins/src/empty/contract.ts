import { contract } from "@qpp/core";

/** What `empty` offers to others: nothing. */
export const empty = contract("empty", {});
