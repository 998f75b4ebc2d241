import type { Decoded } from "../isa/riscv/instruction.js";
import type { TestedCondition } from "./probe-handlers.js";

/** One piece of instrumentation at one place of a block. Cells are offsets in the vCPU's cells. */
export type Probe =
  | { readonly kind: "count"; readonly cell: number }
  | { readonly kind: "add" | "store"; readonly cell: number; readonly value: bigint }
  /** `writes`: the callback may change registers. */
  | { readonly kind: "call"; readonly site: number; readonly writes: boolean }
  | {
      readonly kind: "call-if";
      readonly condition: TestedCondition;
      readonly cell: number;
      readonly value: bigint;
      readonly site: number;
      readonly writes: boolean;
    }
  /** `record`: the number that is written down for the site. */
  | {
      readonly kind: "batch";
      readonly ring: number;
      readonly record: number;
      readonly values: RecordedValues;
    };

/**
 * What an access writes down of its value: 32 bits or 64, in the columns address, low half, high half, record; or nothing,
 * in the columns record, address. The latter can stand in one ring with events that have a record only.
 */
export type RecordedValues = "none" | "narrow" | "wide";

/** What is to be put where in one block. Lists that are missing are empty. */
export interface BlockPlan {
  /** Before the first instruction, once for the block. */
  readonly block: readonly Probe[];
  /** Before each instruction, by its position. */
  readonly before: readonly (readonly Probe[] | undefined)[];
  /** After each instruction's load. */
  readonly loads: readonly (readonly Probe[] | undefined)[];
  /** After each instruction's store. */
  readonly stores: readonly (readonly Probe[] | undefined)[];
}

/** One instruction of a block that is being translated: `decoded` is undefined for one that is illegal. */
export interface BlockInstruction {
  readonly pc: number;
  readonly bits: number;
  readonly length: 2 | 4;
  readonly decoded: Decoded | undefined;
}

/** Who decides what is instrumented: asked once for each translation, before any execution of it. */
export interface Planner {
  /** Undefined if nothing of the block is instrumented. */
  plan(instructions: readonly BlockInstruction[]): BlockPlan | undefined;
}
