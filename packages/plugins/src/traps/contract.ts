import { contract, fn } from "@qpp/core";

/** What broke the flow of one vCPU's instructions, and how often. */
export interface TrapCounts {
  readonly vcpu: number;
  /** Signals from outside. */
  readonly interrupts: number;
  /** Faults of instructions. */
  readonly exceptions: number;
  /** Semihosting: always 0 in user mode. */
  readonly hostcalls: number;
}

/** What `traps` offers to others. */
export const traps = contract("traps", {
  functions: {
    /** Counts so far, of every vCPU that there has been, in order. */
    counts: fn<() => readonly TrapCounts[]>(),
  },
});
