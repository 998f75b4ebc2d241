import type { Subscription } from "rxjs";
import type { AccessSite, Block, Instruction } from "./instruction.js";
import type { BatchOptions } from "./lanes.js";

/**
 * What a trace records: each function is asked once a translation and gives the tag, a whole number below 2^32, that is
 * recorded each time; undefined for what is not to be recorded. Tags mean what the consumer wants them to mean: places in
 * its own tables, for example, so that it need not look anything up by address.
 */
export interface TraceSelection {
  /** Executions of the block, before its first instruction. */
  readonly block?: (block: Block) => number | undefined;
  /** Executions of the instruction, before it. */
  readonly instruction?: (instruction: Instruction) => number | undefined;
  /** Accesses, after they succeeded. */
  readonly access?: (site: AccessSite) => number | undefined;
}

/** Events of several kinds, oldest first. */
export interface TraceBatch {
  readonly length: number;
  readonly vcpu: number;
  /** What the selection gave for each event. */
  readonly tag: Uint32Array;
  /** Address of the first byte of each access. What stands here for other events means nothing. */
  readonly address: Uint32Array;
}

/** Blocks, instructions and accesses in one batch. */
export interface Traces {
  /**
   * Batch lane over several kinds of events at once: they come in the order in which they happened, which batches of each kind
   * apart do not tell. `consumer` gets typed-array views, valid until it returns; only the first `length` elements are events.
   * Batches are handed over when {@link BatchOptions} says, and before another vCPU or another process runs.
   * @throws RangeError for a capacity out of range
   *
   * @example
   * ```ts
   * machine.traces.batch(
   *   { instruction: ({ pc }) => pc, access: () => ACCESS },
   *   ({ length, tag, address }) => {
   *     for (let i = 0; i < length; i++) …
   *   },
   * );
   * ```
   */
  batch(
    selection: TraceSelection,
    consumer: (batch: TraceBatch) => void,
    options?: BatchOptions,
  ): Subscription;
}
