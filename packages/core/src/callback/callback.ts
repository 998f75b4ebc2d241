import type { Observable, Subscription } from "rxjs";

/**
 * A callback as its consumers see it: an RxJS `Observable` of argument tuples with a second, direct lane.
 *
 * Listeners of both lanes run in one order, that of registration. During a run, who is removed is not called any more, and
 * who is added is first called in the next run; runs may nest. A listener that throws disturbs no other one. When its owner
 * is uninstalled, the callback completes. When the consumer is uninstalled, all it registered here is gone.
 *
 * @typeParam A the arguments of one event
 * @typeParam R what a listener returns (`void` unless the contract declares results)
 *
 * @example
 * ```ts
 * srv.onExit.register((code, clean) => log(code, clean));           // direct: no allocation per event
 * srv.onExit.pipe(filter(([, clean]) => !clean)).subscribe(report); // Rx: any operator
 * ```
 */
export interface Callback<A extends readonly unknown[], R = void> extends Observable<A> {
  /** How many subscribers it takes, of both lanes together. */
  readonly capacity: number;
  /** How many subscribers it has now, of both lanes and all plugins. */
  readonly size: number;
  /**
   * Has `listener` called with the arguments of each run, from the next run on. The same function may be registered more
   * than once. If it returns a promise that is rejected, that is a fault of the plugin that registered it.
   *
   * @returns a subscription; `unsubscribe()` takes this registration back, at any time. It is closed already if the
   *   callback has completed.
   * @throws CapacityError (`QPP_CAPACITY`) when all slots are taken
   * @throws PluginGoneError (`QPP_PLUGIN_GONE`) when the consumer has been uninstalled
   */
  register(listener: (...args: A) => R): Subscription;
  /**
   * Takes back the consumer's oldest registration of `listener`.
   *
   * @returns whether there was one
   */
  remove(listener: (...args: A) => R): boolean;
}

/**
 * A callback in its owner's hands, who alone can run it.
 *
 * @typeParam T what the listeners' results combine to
 */
export interface OwnedCallback<A extends readonly unknown[], R = void, T = void> extends Callback<A, R> {
  /**
   * Calls every listener with `args`. With nobody subscribed it does next to nothing; with direct listeners only it
   * allocates nothing. It never throws what a listener threw. It may be taken off the object and passed around. After the
   * owner is gone it calls nobody.
   */
  readonly run: (...args: A) => T;
  /** `run(...args)`, so that a stream of tuples can be subscribed to the callback: `stream.subscribe(callbacks.onExit)`. */
  next(args: A): void;
}
