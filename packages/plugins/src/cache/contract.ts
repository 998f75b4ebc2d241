import { contract, fn } from "@qpp/core";

/** What one kind of cache has seen. */
export interface CacheCounts {
  readonly accesses: number;
  readonly misses: number;
}

/** The caches of one core. */
export interface CoreCounts {
  readonly core: number;
  /** First level, data. */
  readonly data: CacheCounts;
  /** First level, instructions. */
  readonly fetch: CacheCounts;
  /** Second level, of both; undefined if none is simulated. */
  readonly l2: CacheCounts | undefined;
}

/** Which misses: of data or of instructions in the first level, or of either in the second. */
export type MissKind = "data" | "fetch" | "l2";

/** An instruction that missed. */
export interface MissingInstruction {
  /** Its address. */
  readonly pc: number;
  /** Function that holds it, if the symbol table tells. */
  readonly symbol: string | undefined;
  /** Disassembly. */
  readonly text: string;
  readonly misses: number;
}

/** What `cache` offers to others. */
export const cache = contract("cache", {
  functions: {
    /** What the caches of each core have seen so far, but for what is still in a batch: all of it once the guest has ended. */
    cores: fn<() => readonly CoreCounts[]>(),
    /** The instructions with the most misses of a kind so far, the worst first; all that missed without a limit. */
    missing: fn<(kind: MissKind, limit?: number) => readonly MissingInstruction[]>(),
  },
});
