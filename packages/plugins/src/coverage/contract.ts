import { contract, fn } from "@qpp/core";

/** A file that code was executed of. */
export interface CoveredObject {
  /** As the guest names it. */
  readonly path: string;
  /** The linker's build id in hexadecimal; undefined for a file without one. */
  readonly buildId: string | undefined;
  /** First address of its segments, as in the file, rounded down to a page. */
  readonly start: number;
  /** First address past them, rounded up. */
  readonly end: number;
}

/** A translation block that was executed, in whatever processes. Blocks may overlap: a jump may lead into the middle of one. */
export interface CoveredBlock {
  readonly object: CoveredObject;
  /** Of its first instruction, as in the file. */
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  readonly insns: number;
  /** How often it was executed. */
  readonly count: number;
}

/** One block was executed right after another one by the same thread. */
export interface CoveredEdge {
  readonly from: Omit<CoveredBlock, "count">;
  readonly to: Omit<CoveredBlock, "count">;
  readonly count: number;
}

/** How often a line of source was executed. */
export interface CoveredLine {
  /** Path as the compiler had it, without `.` and `..`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Executions of that statement of the line that was executed most often; 0 if none was. */
  readonly count: number;
}

/** What `coverage` offers: what was executed, and how often. All of it is worked out when it is asked for. */
export const coverage = contract("coverage", {
  functions: {
    /** Blocks that were executed, by object and address. */
    blocks: fn<() => readonly CoveredBlock[]>(),
    /** Which followed which; empty unless the plugin was given `edges=on`. */
    edges: fn<() => readonly CoveredEdge[]>(),
    /** All lines that have code, by file and number, of objects with debug information. */
    lines: fn<() => readonly CoveredLine[]>(),
    /** The blocks as a file of DynamoRIO's `drcov`. */
    drcov: fn<() => Uint8Array>(),
  },
});
