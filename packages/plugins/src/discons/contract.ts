import { callback, contract, fn } from "@qpp/core";
import type { FlowResult } from "./flow.js";

/** What `discons` offers to others. */
export const discons = contract("discons", {
  callbacks: {
    /** A discontinuity told a wrong address; the message tells which, and what it must have been. */
    onMismatch: callback<[message: string]>(),
  },
  functions: {
    /** What was checked so far. */
    checked: fn<() => FlowResult>(),
  },
});
