import { contract, fn } from "@qpp/core";

/** How often one page of one process was accessed, and by whom. */
export interface PageCount {
  readonly pid: number;
  /** Address of the page's first byte. */
  readonly address: number;
  readonly reads: number;
  /** vCPUs that read from it, in order. */
  readonly readers: readonly number[];
  readonly writes: number;
  /** vCPUs that wrote to it, in order. */
  readonly writers: readonly number[];
}

/** What `hotpages` offers to others. */
export const hotpages = contract("hotpages", {
  functions: {
    /** All pages accessed so far, in the order that the plugin was told to sort by. */
    pages: fn<() => readonly PageCount[]>(),
    /** Bytes of a page. */
    pageSize: fn<() => number>(),
  },
});
