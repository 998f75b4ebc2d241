import type { Hub } from "../callback/hub.js";
import type { Requirements } from "../context.js";
import type { Installation } from "./installation.js";

/** The wiring of a container at one moment, as plain data. */
export interface WiringDescription {
  /** In load order. */
  readonly plugins: readonly PluginDescription[];
}

/** One loaded plugin, as plain data. */
export interface PluginDescription {
  readonly name: string;
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly requires: readonly RequirementDescription[];
  readonly callbacks: readonly CallbackDescription[];
  /** Names of the functions it exports. */
  readonly functions: readonly string[];
  /** Names of the values it exports. */
  readonly values: readonly string[];
}

/** One requirement of a plugin. */
export interface RequirementDescription {
  /** The name under which the plugin's context has it. */
  readonly key: string;
  /** The plugin that is required. */
  readonly plugin: string;
  readonly optional: boolean;
}

/** One callback of a plugin. */
export interface CallbackDescription {
  readonly name: string;
  /** How many subscribers it takes. */
  readonly capacity: number;
  /** How many it has. */
  readonly size: number;
  /** Who they are, in the order of their first registration. */
  readonly subscribers: readonly SubscriberDescription[];
}

/** What one plugin has subscribed on one callback. */
export interface SubscriberDescription {
  readonly plugin: string;
  /** How many direct listeners. */
  readonly direct: number;
  /** How many Rx subscriptions. */
  readonly rx: number;
}

export function describePlugin({ plugin, hubs, contract }: Installation): PluginDescription {
  return {
    name: plugin.name,
    version: plugin.version,
    description: plugin.description,
    requires: [
      ...describeRequirements(plugin.requires, false),
      ...describeRequirements(plugin.optional, true),
    ],
    callbacks: [...hubs].map(([name, hub]) => describeCallback(name, hub)),
    functions: Object.keys(contract.functions),
    values: Object.keys(contract.values),
  };
}

function describeRequirements(requirements: Requirements, optional: boolean): RequirementDescription[] {
  return Object.entries(requirements).map(([key, { name }]) => ({ key, plugin: name, optional }));
}

function describeCallback(name: string, hub: Hub): CallbackDescription {
  const subscribers = new Map<string, { plugin: string; direct: number; rx: number }>();
  for (const { consumer, subscriber } of hub.listeners) {
    const entry = subscribers.get(consumer.name) ?? { plugin: consumer.name, direct: 0, rx: 0 };
    entry[subscriber ? "rx" : "direct"]++;
    subscribers.set(consumer.name, entry);
  }
  return { name, capacity: hub.capacity, size: hub.size, subscribers: [...subscribers.values()] };
}
