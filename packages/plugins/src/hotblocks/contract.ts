import { contract, fn } from "@qpp/core";

/** A block and how often it was executed. Blocks of one address and one number of instructions are one. */
export interface HotBlock {
  /** Address of its first instruction. */
  readonly pc: number;
  /** Number of its instructions. */
  readonly insns: number;
  /** How often it was translated. */
  readonly translations: number;
  /** How often it was executed. */
  readonly count: number;
  /** Function that holds it, if the symbol table tells. */
  readonly symbol: string | undefined;
}

/** What `hotblocks` offers to others. */
export const hotblocks = contract("hotblocks", {
  functions: {
    /** The blocks executed most often so far, the hottest first; all of them without a limit. */
    hottest: fn<(limit?: number) => readonly HotBlock[]>(),
  },
});
