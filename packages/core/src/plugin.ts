import type { ArgumentsOfSchema, ArgumentsSchema } from "./arguments.js";
import { type Context, type Requirements, type ReservedKey, reservedKeys } from "./context.js";
import {
  type CallbackSpecs,
  type Contract,
  contract,
  type Exports,
  type FunctionSpecs,
  type None,
  type ValueSpecs,
} from "./contract.js";
import { BadDefinitionError } from "./errors.js";

// Registered, so that a plugin that carries its own copy of this package is recognized all the same.
const mark: unique symbol = Symbol.for("@qpp/core/plugin") as never;

/** A plugin, ready to be loaded into a container; made by {@link plugin}. It holds no state: each loading installs it anew. */
export interface Plugin<K extends Contract = Contract> {
  readonly [mark]: true;
  /** Unique in a container; its contract's. */
  readonly name: string;
  /** What it offers. */
  readonly contract: K;
  readonly version: string | undefined;
  /** One line for people. */
  readonly description: string | undefined;
  /** What must be there first, by name in its context. */
  readonly requires: Requirements;
  /** What it uses if it is there, by name in its context. */
  readonly optional: Requirements;
  /** What makes its arguments of text; without one, it takes none. */
  readonly args: ArgumentsSchema | undefined;
  /** Called by the container. */
  install(context: never): unknown;
}

/** What a plugin is and does; see {@link plugin}. */
export interface Definition<
  C extends CallbackSpecs,
  F extends FunctionSpecs,
  V extends ValueSpecs,
  R extends Requirements,
  O extends Requirements,
  S extends ArgumentsSchema,
> {
  /** What must be there first: contracts, by the name under which they shall appear in the context. */
  readonly requires?: R & { readonly [K in ReservedKey]?: never };
  /** What is used if it is loaded before or together with this plugin; undefined in the context otherwise. */
  readonly optional?: O & { readonly [K in ReservedKey]?: never };
  /** A schema (any library that follows Standard Schema) that turns `Record<string, string>` into typed arguments. */
  readonly args?: S;
  /** For people; no plugin is chosen by it. */
  readonly version?: string;
  /** One line for people. */
  readonly description?: string;
  /**
   * Called once when the plugin is loaded, after all it requires. Registers what it listens to and returns the functions and
   * values of its contract. Synchronous. What it throws has the plugin refused, and all that it registered taken back.
   */
  install(context: Context<C, ArgumentsOfSchema<S>, R, O>): Exports<F, V>;
}

/** No schema: no arguments. */
type NoSchema = ArgumentsSchema<None>;

/**
 * Defines a plugin: one that fulfils a contract, or, given a name instead, one that offers nothing to others.
 *
 * @throws BadDefinitionError (`QPP_BAD_DEFINITION`) for a bad name, or a requirement under a name that the context uses
 *
 * @example
 * ```ts
 * export default plugin("qpp_client", {
 *   requires: { srv: qppSrv },
 *   install({ srv, log }) {
 *     log(srv.doAdd(1));
 *     srv.onExit.register((code, clean) => log(code, clean));
 *   },
 * });
 * ```
 */
export function plugin<
  const N extends string,
  C extends CallbackSpecs = None,
  F extends FunctionSpecs = None,
  V extends ValueSpecs = None,
  R extends Requirements = None,
  O extends Requirements = None,
  S extends ArgumentsSchema = NoSchema,
>(
  of: N | Contract<N, C, F, V>,
  definition: Definition<C, F, V, R, O, S>,
): Plugin<Contract<N, NoInfer<C>, NoInfer<F>, NoInfer<V>>>;
export function plugin(of: Contract | string, definition: ErasedDefinition): Plugin {
  const fulfilled = typeof of === "string" ? contract(of) : of;
  const { requires = {}, optional = {}, args, version, description } = definition;
  for (const [key, wanted] of [...Object.entries(requires), ...Object.entries(optional)]) {
    const problem = problemWith(key, wanted, requires, optional);
    if (problem)
      throw new BadDefinitionError(`plugin "${fulfilled.name}" ${problem}`, { plugin: fulfilled.name });
  }
  return {
    [mark]: true,
    name: fulfilled.name,
    contract: fulfilled,
    version,
    description,
    requires,
    optional,
    args,
    install: (context) => definition.install(context),
  };
}

function problemWith(
  key: string,
  wanted: Contract | undefined,
  requires: Requirements,
  optional: Requirements,
): string | undefined {
  if (reservedKeys.has(key) || (key in requires && key in optional)) {
    return `requires something under the name "${key}", which is taken in its context: choose another key`;
  }
  // The compiler rules this out; modules that import each other in a circle bring it about all the same.
  if (wanted?.name === undefined) {
    return `requires something under the name "${key}" that is no contract; do its modules import each other in a circle?`;
  }
  return undefined;
}

interface ErasedDefinition {
  readonly requires?: Requirements;
  readonly optional?: Requirements;
  readonly args?: ArgumentsSchema;
  readonly version?: string;
  readonly description?: string;
  install(context: never): unknown;
}

/** Whether `value`, such as the default export of a module, is a plugin. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && mark in value;
}
