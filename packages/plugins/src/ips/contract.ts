import { callback, contract, fn } from "@qpp/core";

/** How a vCPU's speed is limited, and what came of it. */
export interface IpsResult {
  /** Instructions of a vCPU in a second of the guest's time. */
  readonly ips: number;
  /** Instructions after which the clock is set. */
  readonly ipq: number;
  /** Instructions of all vCPUs, those of a quantum once it is full. */
  readonly instructions: number;
  /** The guest's clock. */
  readonly seconds: number;
}

/** What `ips` offers to others. */
export const ips = contract("ips", {
  callbacks: {
    /** The guest's clock was set on, because a vCPU has executed what it may in that time. */
    onClockSet: callback<[vcpu: number, nanoseconds: number]>(),
  },
  functions: {
    /** The limits, and how far the guest has come. */
    progress: fn<() => IpsResult>(),
  },
});
