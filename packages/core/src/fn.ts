declare const types: unique symbol;

/** A function of a plugin, of any type. */
export type AnyFunction = (...args: never[]) => unknown;

/** A function as a contract declares it. */
export interface FunctionSpec<F extends AnyFunction = AnyFunction> {
  readonly kind: "function";
  /** Carries the type; never there at run time. */
  readonly [types]?: F;
}

/** The type of a declared function. */
export type FunctionOf<S> = S extends FunctionSpec<infer F> ? F : never;

/**
 * Declares a function, as an entry of a contract's `functions`. Consumers call it directly; after its owner is uninstalled
 * it throws `PluginGoneError`. What it throws otherwise goes to the caller.
 *
 * @example
 * ```ts
 * fn<(x: number) => number>()
 * ```
 */
export function fn<F extends AnyFunction>(): FunctionSpec<F> {
  return { kind: "function" };
}
