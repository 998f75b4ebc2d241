import type {
  AttachmentDescription,
  CallbackDescription,
  PluginDescription,
  RequirementDescription,
} from "@qpp/core";
import { indented, table } from "@qpp/plugins/text";

/** Plugins in load order: for each of them what it requires, and what it offers to whom. */
export function wiringText(plugins: readonly PluginDescription[]): string {
  return `${plugins.map((plugin) => describe(plugin, usersOf(plugin.name, plugins))).join("\n\n")}\n`;
}

/** Who has `name` among its requirements, and gets it. */
function usersOf(name: string, plugins: readonly PluginDescription[]): string[] {
  return plugins
    .filter(({ requires }) => requires.some((each) => each.plugin === name && each.met))
    .map((plugin) => plugin.name);
}

function describe(plugin: PluginDescription, users: readonly string[]): string {
  const { name, version, description, requires, attachments, callbacks, functions, values } = plugin;
  const head = [name, version, description && `- ${description}`].filter(Boolean).join(" ");
  const sections: readonly (readonly [string, string])[] = [
    ["requires", requires.map(requirement).join(", ")],
    ["watches", watched(attachments).join(", ")],
    ["used by", users.join(", ")],
    ["functions", functions.join(", ")],
    ["values", values.join(", ")],
  ];
  const lines = sections
    .filter(([, text]) => text !== "")
    .map(([title, text]) => `${title.padEnd(9)}  ${text}`);
  if (callbacks.length > 0) lines.push("callbacks", indented(callbackTable(callbacks)));
  return [head, indented(lines.join("\n"))].filter(Boolean).join("\n");
}

function requirement({ plugin, optional, met }: RequirementDescription): string {
  if (!optional) return plugin;
  return `${plugin} (optional${met ? "" : ", not there"})`;
}

/** Where it has attached, and how often on which lane. */
export function watched(attachments: readonly AttachmentDescription[]): string[] {
  const places = new Set(attachments.map(({ to }) => to));
  return [...places].map((place) => {
    const there = attachments.filter(({ to }) => to === place);
    return `${place} (${there.map(({ lane, count }) => `${count} ${laneName(lane)}`).join(", ")})`;
  });
}

function laneName(lane: string): string {
  return lane === "rx" ? "Rx" : lane;
}

function callbackTable(callbacks: readonly CallbackDescription[]): string {
  const rows = callbacks.map(({ name, size, capacity, subscribers }) => {
    const who = subscribers.map(({ plugin, direct, rx }) => `${plugin} (${lanes(direct, rx)})`).join(", ");
    return [name, `${size} of ${capacity}`, who];
  });
  return table(["name", "slots", "subscribers"], rows);
}

/** How many subscriptions there are of each lane. */
export function lanes(direct: number, rx: number): string {
  return [direct > 0 && `${direct} direct`, rx > 0 && `${rx} Rx`].filter(Boolean).join(", ");
}
