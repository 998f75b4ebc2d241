import type { Observable, Subscription } from "rxjs";
import type { RegisterAccess } from "./cpu.js";
import type { ScoreboardEntry } from "./scoreboard.js";

/** A number that the machine keeps; what it reads is exact whenever plugin code runs. */
export interface Counter {
  /** Sum over all vCPUs. Exact up to 2^53. */
  readonly value: number;
  /** One vCPU's share. */
  ofVcpu(index: number): number;
  /** Stops counting, at once; the value stays readable. */
  detach(): void;
}

/** Counters by key. */
export interface CounterTable<K> {
  /** How often the key occurred; 0 for a key that never did. */
  get(key: K): number;
  /** One vCPU's share of it. */
  ofVcpu(key: K, index: number): number;
  /** Keys that occurred, in order of first translation, with their counts. */
  entries(): IterableIterator<[key: K, count: number]>;
  /** Stops counting, at once; the counts stay readable. */
  detach(): void;
}

/** How the entry of a conditional callback is compared, as in QEMU's `qemu_plugin_cond`. */
export type Condition = "never" | "always" | "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/** What an inline operation does with its scoreboard entry. */
export type InlineOperation = "add" | "store";

/** How a direct callback is attached. */
export interface DirectOptions {
  /** Default `"read"`. */
  readonly registers?: RegisterAccess;
}

/** How a batch consumer is attached. */
export interface BatchOptions {
  /**
   * Events a batch holds at most: from 1 to 1048576, 2048 unless told. It is handed over when it is full, when
   * translated code is thrown away, when the guest ends, and when the consumer detaches.
   */
  readonly capacity?: number;
}

/**
 * An event that is told one at a time: directly, or, as an Observable, on the Rx lane. The stream completes when the guest
 * has ended, before `machine.exited`.
 */
export interface DirectLane<Args extends readonly unknown[], Event> extends Observable<Event> {
  /** Direct lane: one call an event, in place, with exact machine state. */
  register(listener: (...args: Args) => void, options?: DirectOptions): Subscription;
}

/** A direct callback behind a condition. */
export interface ConditionalLane<Args extends readonly unknown[]> {
  /** One call for each event that meets the condition, in place, with exact machine state. */
  register(listener: (...args: Args) => void, options?: DirectOptions): Subscription;
}

/**
 * The ways to consume one kind of event, cheapest first. All of them see the same events in the same order.
 * Attaching takes effect at the next block. Detaching takes effect at once, but for `inline` operations, which go on
 * until the block ends. Everything attached belongs to the plugin that attached it, and goes with it.
 *
 * As an Observable it is the Rx lane: each event is an object made for it, free to be kept.
 *
 * `Args`: what a direct listener is called with; valid until it returns, unless said otherwise.
 * `Event`: what the Rx lane emits. `Batch`: what a batch consumer sees. `Site`: what is known at translation.
 */
export interface EventLanes<Args extends readonly unknown[], Event, Batch, Site>
  extends DirectLane<Args, Event> {
  /** Inline lane: how often it happened. */
  count(): Counter;
  /** Inline lane: how often it happened, by a key of what is known at translation; `key` runs once a translation. */
  countBy<K>(key: (site: Site) => K): CounterTable<K>;
  /** Inline lane: adds `value` to, or stores it in, the vCPU's slot of `entry` (QEMU: `..._inline_per_vcpu`). */
  inline(operation: InlineOperation, entry: ScoreboardEntry, value: number): Subscription;
  /**
   * Batch lane: `consumer` gets typed-array views, valid until it returns, and the same that other consumers get: look, do
   * not write. They are as long as the capacity: only the first `length` elements are events.
   * @throws RangeError for a capacity out of range
   */
  batch(consumer: (batch: Batch) => void, options?: BatchOptions): Subscription;
  /** Direct callbacks only where the vCPU's slot of `entry` compares so with `value` (unsigned; QEMU: `..._exec_cond_cb`). */
  when(entry: ScoreboardEntry, condition: Condition, value: number): ConditionalLane<Args>;
}
