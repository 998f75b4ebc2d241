import { callback, contract, fn } from "@qpp/core";

/** A basic block that was executed. */
export interface NumberedBlock {
  /** From 1, as SimPoint demands, in order of first translation. */
  readonly number: number;
  readonly pid: number;
  readonly pc: number;
  readonly symbol: string | undefined;
}

/** How many instructions of a basic block an interval executed. */
export interface BlockWeight {
  readonly block: number;
  readonly insns: number;
}

/** What `bbv` offers: the vector of each interval, and what its numbers stand for. */
export const bbv = contract("bbv", {
  callbacks: {
    /** A vCPU has ended an interval: its blocks, by number. Told some time later, when the trace is looked at. */
    onInterval: callback<[vcpu: number, vector: readonly BlockWeight[]]>(),
  },
  functions: {
    /** All blocks so far, by number. */
    blocks: fn<() => readonly NumberedBlock[]>(),
  },
});
