import { contract, fn } from "@qpp/core";

/** How often instructions of one class were executed. */
export interface ClassCount {
  /** For people, e.g. `Conditional branch`. */
  readonly title: string;
  /** What it is called in `count=…`, e.g. `branch`. */
  readonly name: string;
  readonly count: number;
}

/** What `howvec` offers to others. */
export const howvec = contract("howvec", {
  functions: {
    /** All classes, in the order of their table, with their counts so far; 0 for one that is not counted. */
    classes: fn<() => readonly ClassCount[]>(),
  },
});
