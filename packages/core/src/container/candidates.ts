import type { RawArguments } from "../arguments.js";
import { BadDefinitionError, DuplicatePluginError, type QppError } from "../errors.js";
import { isPlugin, type Plugin } from "../plugin.js";

/** A plugin to load, with its arguments as they were given. */
export interface LoadRequest {
  readonly plugin: Plugin;
  /** None unless given. */
  readonly args?: RawArguments;
}

/** Finds a plugin that is known but was not asked for, so that it can be loaded because another one requires it. */
export type Resolve = (name: string) => Plugin | undefined | Promise<Plugin | undefined>;

/** A plugin that was not loaded, and why. */
export interface Refusal {
  /** Its name. */
  readonly plugin: string;
  readonly error: QppError;
}

/** A plugin that may be loaded. */
export interface Candidate {
  readonly name: string;
  readonly plugin: Plugin;
  readonly args: RawArguments;
  /** Whether it is there only because others require it. */
  readonly onDemand: boolean;
  /** Names of what it requires. */
  readonly required: readonly string[];
  /** Names of all that must be loaded before it: what it requires and what it takes as optional. */
  readonly requires: readonly string[];
}

/** What there is to load. */
export interface Candidates {
  readonly byName: ReadonlyMap<string, Candidate>;
  readonly refused: readonly Refusal[];
  /** What `resolve` threw, by the name it was asked for. */
  readonly unresolved: ReadonlyMap<string, unknown>;
}

/** Collects the requested plugins, and on demand those they require, directly or not. */
export async function gatherCandidates(
  requests: readonly LoadRequest[],
  isLoaded: (name: string) => boolean,
  resolve: Resolve,
): Promise<Candidates> {
  const byName = new Map<string, Candidate>();
  const refused: Refusal[] = [];
  const unresolved = new Map<string, unknown>();
  for (const { plugin, args = {} } of requests) {
    if (!isPlugin(plugin)) {
      const error = new BadDefinitionError("what was to be loaded is not a plugin: make it with plugin(...)");
      refused.push({ plugin: String(plugin), error });
    } else if (isLoaded(plugin.name) || byName.has(plugin.name)) {
      refused.push({ plugin: plugin.name, error: new DuplicatePluginError(plugin.name) });
    } else {
      byName.set(plugin.name, candidate(plugin, args, false));
    }
  }
  const asked = new Set<string>();
  // A map's iterator also visits what is added meanwhile.
  for (const { required } of byName.values()) {
    for (const name of required) {
      if (isLoaded(name) || byName.has(name) || asked.has(name)) continue;
      asked.add(name);
      try {
        const found = await resolve(name);
        if (found === undefined) continue;
        if (!isPlugin(found) || found.name !== name) {
          throw new BadDefinitionError(`what was found as "${name}" is not a plugin of that name`, {
            plugin: name,
          });
        }
        byName.set(name, candidate(found, {}, true));
      } catch (cause) {
        unresolved.set(name, cause);
      }
    }
  }
  return { byName, refused, unresolved };
}

function candidate(plugin: Plugin, args: RawArguments, onDemand: boolean): Candidate {
  const required = Object.values(plugin.requires).map(({ name }) => name);
  const optional = Object.values(plugin.optional).map(({ name }) => name);
  return { name: plugin.name, plugin, args, onDemand, required, requires: [...required, ...optional] };
}
