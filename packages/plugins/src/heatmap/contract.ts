import { contract, fn } from "@qpp/core";

/** How often one page was accessed within a slice. */
export interface HeatCell {
  readonly pid: number;
  /** Address of the page's first byte. */
  readonly page: number;
  readonly accesses: number;
}

/** What `heatmap` offers to others. */
export const heatmap = contract("heatmap", {
  functions: {
    /**
     * The pages accessed in each slice of the run so far, the first slice first; all slices but the last have
     * `sliceAccesses` accesses.
     */
    slices: fn<() => readonly (readonly HeatCell[])[]>(),
    /** Accesses that a slice has: doubles as the run gets longer. */
    sliceAccesses: fn<() => number>(),
  },
});
