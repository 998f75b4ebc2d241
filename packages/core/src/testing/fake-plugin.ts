import type {
  CallbackSpecs,
  Contract,
  Exports,
  FunctionSpecs,
  OwnedCallbacks,
  ValueSpecs,
} from "../contract.js";
import { type Plugin, plugin } from "../plugin.js";

/** A plugin that fulfils a contract and does nothing by itself. */
export interface FakePlugin<C extends CallbackSpecs> {
  readonly plugin: Plugin;
  /**
   * Its callbacks, to be run by a test.
   *
   * @throws Error before it is loaded
   */
  readonly callbacks: OwnedCallbacks<C>;
}

/**
 * Makes a plugin that fulfils a contract: its callbacks are run by hand, its functions and values are as given.
 *
 * @example
 * ```ts
 * const fake = fakePlugin(qppSrv, { doAdd: (x) => x + 1, doSub: (x) => x - 1 });
 * await container.load([{ plugin: fake.plugin }, { plugin: client }]);
 * fake.callbacks.onExit.run(0, true);
 * ```
 */
export function fakePlugin<
  const N extends string,
  C extends CallbackSpecs,
  F extends FunctionSpecs,
  V extends ValueSpecs,
>(
  of: Contract<N, C, F, V>,
  ...exports: [keyof F | keyof V] extends [never] ? [] : [exports: Exports<F, V>]
): FakePlugin<C> {
  let owned: OwnedCallbacks<C> | undefined;
  return {
    plugin: plugin(of, {
      install({ callbacks }) {
        owned = callbacks as OwnedCallbacks<C>;
        return exports[0] as Exports<F, V>;
      },
    }),
    get callbacks() {
      if (owned === undefined) throw new Error(`the fake "${of.name}" has no callbacks before it is loaded`);
      return owned;
    },
  };
}
