import { contract, fn } from "@qpp/core";

/** Somewhere a node's flow went. */
export interface FlowDestination {
  /** Address of the block that was executed next. */
  readonly pc: number;
  /** How often. */
  readonly count: number;
}

/** An instruction after which execution went on elsewhere than behind its block. */
export interface FlowNode {
  /** Address of the instruction: the last one of its block, or one that faulted. */
  readonly pc: number;
  /** Function that holds it, if the symbol table tells. */
  readonly symbol: string | undefined;
  /** Disassembly, as it was first translated. */
  readonly text: string;
  /** How often flow went elsewhere: the sum over the destinations. */
  readonly branches: number;
  /** How often of these its block was left before its end, which a fault does. */
  readonly earlyExits: number;
  /** How often it was translated as the last instruction of a block. */
  readonly lastTranslations: number;
  /** How often it was translated in a block as another one than the last. */
  readonly midTranslations: number;
  /** In the order in which they were first gone to. */
  readonly destinations: readonly FlowDestination[];
}

/** A transfer of control. */
export interface FlowEdge {
  /** Address of the instruction that it was made by. */
  readonly from: number;
  /** Address of the block that was executed next. */
  readonly to: number;
  readonly count: number;
}

/** What `cflow` offers to others. Blocks that are executed one behind the other make no edge. */
export const cflow = contract("cflow", {
  functions: {
    /**
     * All nodes that branched so far, the one that did so most often first. But for what is still in a batch: all once the guest
     * has ended.
     */
    nodes: fn<() => readonly FlowNode[]>(),
    /** The edges between all nodes and blocks, by `from`, then by `to`. */
    edges: fn<() => readonly FlowEdge[]>(),
  },
});
