import type { Hub } from "../callback/hub.js";
import type { Attachment } from "../consumer.js";
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
  /** What it has attached to values of others, such as the machine's events; its subscriptions of callbacks are with these. */
  readonly attachments: readonly AttachmentDescription[];
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
  /** Whether the plugin has it: what is optional may be absent, or may have come too late, or be gone. */
  readonly met: boolean;
}

/** What a plugin has attached in one place, on one lane. */
export interface AttachmentDescription extends Attachment {
  /** How often. */
  readonly count: number;
}

/** One callback of a plugin. */
export interface CallbackDescription {
  readonly name: string;
  /** How many subscribers it takes. */
  readonly capacity: number;
  /** How many it has. */
  readonly size: number;
  /** How often it has run since `Container.countRuns` was called; undefined if that was not asked for. */
  readonly runs: number | undefined;
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

/** @param find finds a loaded plugin by name */
export function describePlugin(
  { plugin, hubs, contract, serial, scope }: Installation,
  find: (name: string) => Installation | undefined,
): PluginDescription {
  const isMet = (name: string): boolean => {
    const provider = find(name);
    return provider !== undefined && provider.serial < serial;
  };
  return {
    name: plugin.name,
    version: plugin.version,
    description: plugin.description,
    requires: [
      ...describeRequirements(plugin.requires, false, isMet),
      ...describeRequirements(plugin.optional, true, isMet),
    ],
    attachments: countAttachments(scope.attachments),
    callbacks: [...hubs].map(([name, hub]) => describeCallback(name, hub)),
    functions: Object.keys(contract.functions),
    values: Object.keys(contract.values),
  };
}

function describeRequirements(
  requirements: Requirements,
  optional: boolean,
  isMet: (name: string) => boolean,
): RequirementDescription[] {
  return Object.entries(requirements).map(([key, { name }]) => ({
    key,
    plugin: name,
    optional,
    met: isMet(name),
  }));
}

function countAttachments(attachments: readonly Attachment[]): AttachmentDescription[] {
  const counted = new Map<string, { to: string; lane: string; count: number }>();
  for (const { to, lane } of attachments) {
    const key = JSON.stringify([to, lane]);
    const entry = counted.get(key) ?? { to, lane, count: 0 };
    entry.count++;
    counted.set(key, entry);
  }
  return [...counted.values()];
}

function describeCallback(name: string, hub: Hub): CallbackDescription {
  const subscribers = new Map<string, { plugin: string; direct: number; rx: number }>();
  for (const { consumer, subscriber } of hub.listeners) {
    const entry = subscribers.get(consumer.name) ?? { plugin: consumer.name, direct: 0, rx: 0 };
    entry[subscriber ? "rx" : "direct"]++;
    subscribers.set(consumer.name, entry);
  }
  const { capacity, size, counter } = hub;
  return { name, capacity, size, runs: counter?.runs, subscribers: [...subscribers.values()] };
}
