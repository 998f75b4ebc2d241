import type { Consumer } from "./consumer.js";

declare const types: unique symbol;

/** A value as a contract declares it: an object with an interface of its own, such as an event source with selections. */
export interface ValueSpec<T = unknown> {
  readonly kind: "value";
  /** Carries the type; never there at run time. */
  readonly [types]?: T;
}

/** The type of a declared value. */
export type ValueOf<S> = S extends ValueSpec<infer T> ? T : never;

/**
 * Declares a value, as an entry of a contract's `values`. The owner returns it from `install`; consumers find it among their
 * imports. Asking for it after its owner is uninstalled throws `PluginGoneError`.
 *
 * @example
 * ```ts
 * contract("machine", { values: { blocks: value<BlockSource>() } })
 * ```
 */
export function value<T>(): ValueSpec<T> {
  return { kind: "value" };
}

const perConsumerMark: unique symbol = Symbol("perConsumer");

/** A value that is made anew for each consumer; see {@link perConsumer}. */
export interface PerConsumer<T> {
  /** Makes it. */
  readonly [perConsumerMark]: (consumer: Consumer) => T;
}

/** What an owner may return for a declared value: the value itself, or one made for each consumer. */
export type ValueExport<T> = T | PerConsumer<T>;

/**
 * Has each consumer get a value of its own, made when it first asks for it. So what is done through the value can be
 * attributed to the consumer, and taken back when the consumer is uninstalled.
 *
 * @example
 * ```ts
 * return {
 *   ticks: perConsumer((consumer) => ({
 *     every(n: number, listener: () => void) {
 *       consumer.add(clock.attach(n, () => {
 *         try { listener(); } catch (cause) { consumer.fault("tick listener", cause); }
 *       }));
 *     },
 *   })),
 * };
 * ```
 */
export function perConsumer<T>(make: (consumer: Consumer) => T): PerConsumer<T> {
  return { [perConsumerMark]: make };
}

/** The value that `consumer` gets for what an owner exports. */
export function valueFor(exported: unknown, consumer: Consumer): unknown {
  return isPerConsumer(exported) ? exported[perConsumerMark](consumer) : exported;
}

function isPerConsumer(exported: unknown): exported is PerConsumer<unknown> {
  return typeof exported === "object" && exported !== null && perConsumerMark in exported;
}
