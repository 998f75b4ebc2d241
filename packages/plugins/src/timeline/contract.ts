import { contract, fn } from "@qpp/core";

/** Something that took a while. */
export interface Span {
  readonly category: "syscall" | "call" | "idle";
  readonly name: string;
  readonly pid: number;
  /** Index of the vCPU. */
  readonly vcpu: number;
  /** Nanoseconds of the guest's clock. */
  readonly start: number;
  /** Nanoseconds. */
  readonly duration: number;
}

/** What `timeline` offers to others. */
export const timeline = contract("timeline", {
  functions: {
    /** How many spans of a category there were so far. */
    spans: fn<(category: Span["category"]) => number>(),
  },
});
