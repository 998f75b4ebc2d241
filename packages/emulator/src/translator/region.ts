import type { CachedBlock } from "../interpreter/code-cache.js";

/**
 * How a translation block of a region ends, in terms of pcs. `next` of a call is its return address: where the region
 * goes on if the callee comes back there.
 */
export type Terminator =
  | { readonly kind: "fall"; readonly next: number }
  | { readonly kind: "branch"; readonly taken: number; readonly next: number }
  | { readonly kind: "jump"; readonly target: number }
  | { readonly kind: "call"; readonly target: number; readonly next: number }
  | { readonly kind: "call-indirect"; readonly next: number }
  | { readonly kind: "return" }
  /** A jump through a register; `targets` are those that were seen. */
  | { readonly kind: "computed"; readonly targets: readonly number[] }
  /** The host goes on: a system call, a breakpoint, an illegal instruction. */
  | { readonly kind: "trap" };

/** A translation block as part of a region. */
export interface RegionNode {
  readonly pc: number;
  readonly block: CachedBlock;
  readonly terminator: Terminator;
}

/** What is translated as one function: translation blocks that are reached from a head without leaving their function. */
export interface Region {
  /** Where it is entered; always a node. */
  readonly head: number;
  /** By pc, the head first. */
  readonly nodes: ReadonlyMap<number, RegionNode>;
  /** Instructions of all nodes together. */
  readonly insns: number;
}

/** The pcs at which execution may go on within the same function. */
export function successors(terminator: Terminator): readonly number[] {
  switch (terminator.kind) {
    case "fall":
    case "call":
    case "call-indirect":
      return [terminator.next];
    case "branch":
      return terminator.taken === terminator.next ? [terminator.next] : [terminator.taken, terminator.next];
    case "jump":
      return [terminator.target];
    case "computed":
      return terminator.targets;
    case "return":
    case "trap":
      return [];
  }
}

/** Whether the registers' values are elsewhere, in the callee's hands, on the way to a successor. */
export function isCall({ kind }: Terminator): boolean {
  return kind === "call" || kind === "call-indirect";
}
