import type { Hub } from "./callback/hub.js";
import { importedView } from "./callback/views.js";
import type { Consumer } from "./consumer.js";
import type { Contract } from "./contract.js";
import { PluginGoneError } from "./errors.js";
import type { AnyFunction } from "./fn.js";
import { valueFor } from "./value.js";

/** What a plugin offers, as its consumers' imports are made from it. */
export interface Provider {
  readonly name: string;
  readonly contract: Contract;
  readonly gone: boolean;
  readonly hubs: ReadonlyMap<string, Hub>;
  /** Guarded functions by name; see {@link guardedFunction}. */
  readonly functions: ReadonlyMap<string, AnyFunction>;
  /** Values, or factories of values, by name. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** The imports that `consumer` gets from `provider`: an object of its own, on whose behalf all is done. */
export function importsFor(provider: Provider, consumer: Consumer): object {
  const imports = {};
  for (const [name, hub] of provider.hubs) {
    Object.defineProperty(imports, name, { value: importedView(hub, consumer), enumerable: true });
  }
  for (const [name, value] of provider.functions) {
    Object.defineProperty(imports, name, { value, enumerable: true });
  }
  for (const [name, exported] of provider.values) {
    let made: { readonly value: unknown } | undefined;
    Object.defineProperty(imports, name, {
      enumerable: true,
      get: () => {
        if (provider.gone)
          throw new PluginGoneError(provider.name, `value "${provider.name}.${name}" is not there`);
        made ??= { value: valueFor(exported, consumer) };
        return made.value;
      },
    });
  }
  return imports;
}

/**
 * `call`, but it throws `PluginGoneError` once its owner is gone. One closure over constants: an engine folds it away where
 * the function is called.
 */
export function guardedFunction(
  owner: { readonly name: string; readonly gone: boolean },
  name: string,
  call: AnyFunction,
): AnyFunction {
  const provider = owner;
  const target = call as (...args: unknown[]) => unknown;
  const guarded = (...args: unknown[]): unknown => {
    if (provider.gone)
      throw new PluginGoneError(provider.name, `function "${provider.name}.${name}" cannot be called`);
    return target(...args);
  };
  return guarded;
}
