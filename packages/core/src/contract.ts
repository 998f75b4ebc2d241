import type { Callback, OwnedCallback } from "./callback/callback.js";
import type { ArgumentsOf, CallbackSpec, CombinedOf, ResultOf } from "./callback/spec.js";
import { BadDefinitionError, DuplicateCallbackError } from "./errors.js";
import type { FunctionOf, FunctionSpec } from "./fn.js";
import type { ValueExport, ValueOf, ValueSpec } from "./value.js";

/** The callbacks of a contract by name. */
export type CallbackSpecs = Readonly<Record<string, CallbackSpec>>;
/** The functions of a contract by name. */
export type FunctionSpecs = Readonly<Record<string, FunctionSpec>>;
/** The values of a contract by name. */
export type ValueSpecs = Readonly<Record<string, ValueSpec>>;
/** Nothing of a kind. */
export type None = Record<never, never>;

/**
 * What a plugin offers, apart from how it does it: a header file. Whoever requires the plugin imports the contract alone, so
 * an implementation can be swapped or faked.
 */
export interface Contract<
  N extends string = string,
  C extends CallbackSpecs = CallbackSpecs,
  F extends FunctionSpecs = FunctionSpecs,
  V extends ValueSpecs = ValueSpecs,
> {
  /** Name of the plugin that fulfils it. */
  readonly name: N;
  readonly callbacks: C;
  readonly functions: F;
  readonly values: V;
}

/** What a consumer sees of a contract: callbacks to listen to, functions to call, values. */
export type Imports<K extends Contract> = {
  readonly [P in keyof K["callbacks"]]: Callback<ArgumentsOf<K["callbacks"][P]>, ResultOf<K["callbacks"][P]>>;
} & { readonly [P in keyof K["functions"]]: FunctionOf<K["functions"][P]> } & {
  readonly [P in keyof K["values"]]: ValueOf<K["values"][P]>;
};

/** The callbacks of a contract in the owner's hands. */
export type OwnedCallbacks<C extends CallbackSpecs> = {
  readonly [P in keyof C]: OwnedCallback<ArgumentsOf<C[P]>, ResultOf<C[P]>, CombinedOf<C[P]>>;
};

/** What the owner returns from `install`: every declared function and value, by name; nothing if none is declared. */
export type Exports<F extends FunctionSpecs, V extends ValueSpecs> = [keyof F | keyof V] extends [never]
  ? // biome-ignore lint/suspicious/noConfusingVoidType: it is the return type of `install`
    void
  : {
      readonly [P in keyof F | keyof V]: P extends keyof F
        ? FunctionOf<F[P]>
        : P extends keyof V
          ? ValueExport<ValueOf<V[P]>>
          : never;
    };

type Clash<C, F, V> = (keyof C & keyof F) | (keyof C & keyof V) | (keyof F & keyof V);

/** Satisfied by anything, unless a name is used twice. */
type Distinct<C, F, V> = [Clash<C, F, V>] extends [never]
  ? unknown
  : { readonly error: `"${Clash<C, F, V> & string}" is the name of two things` };

/**
 * Declares what the plugin `name` offers.
 *
 * @param name letters, digits, `_`, `-`, `.`, `/` and `@`; unique among the plugins of a container
 * @throws BadDefinitionError (`QPP_BAD_DEFINITION`) for a bad name
 * @throws DuplicateCallbackError (`QPP_DUPLICATE_CALLBACK`) when two entries have one name
 *
 * @example
 * ```ts
 * export const qppSrv = contract("qpp_srv", {
 *   callbacks: { onExit: callback<[exitCode: number, clean: boolean]>() },
 *   functions: { doAdd: fn<(x: number) => number>(), doSub: fn<(x: number) => number>() },
 * });
 * ```
 */
export function contract<
  const N extends string,
  C extends CallbackSpecs = None,
  F extends FunctionSpecs = None,
  V extends ValueSpecs = None,
>(
  name: N,
  entries?: { readonly callbacks?: C; readonly functions?: F; readonly values?: V } & Distinct<C, F, V>,
): Contract<N, C, F, V>;
export function contract(
  name: string,
  entries: {
    readonly callbacks?: CallbackSpecs;
    readonly functions?: FunctionSpecs;
    readonly values?: ValueSpecs;
  } = {},
): Contract {
  checkName(name);
  const { callbacks = {}, functions = {}, values = {} } = entries;
  const kinds = new Map<string, string>();
  for (const [entry, { kind }] of Object.entries({ ...callbacks })) kinds.set(entry, kind);
  for (const specs of [functions, values]) {
    for (const [entry, { kind }] of Object.entries(specs)) {
      const other = kinds.get(entry);
      if (other) throw new DuplicateCallbackError(name, entry, [other, kind]);
      kinds.set(entry, kind);
    }
  }
  return { name, callbacks, functions, values };
}

/** Refuses a name that could not be told on a command line or in a message. */
function checkName(name: string): void {
  if (/^[\w@][\w@./-]*$/.test(name)) return;
  throw new BadDefinitionError(
    `${JSON.stringify(name)} is no name for a plugin: use letters, digits, "_", "-", ".", "/" and "@"`,
  );
}
