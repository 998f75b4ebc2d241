import type { PluginDescription, RequirementDescription } from "@qpp/core";
import { lanes, watched } from "./text.js";

/**
 * The wiring as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html): a box for each plugin with what it offers,
 * and an arrow from it to each plugin that uses it, with what this one has subscribed or attached to. Optional
 * requirements are dotted; one that is not there has a round box.
 */
export function wiringMermaid(plugins: readonly PluginDescription[]): string {
  const ids = new Map<string, string>();
  const idOf = (name: string): string => {
    const id = ids.get(name) ?? `p${ids.size}`;
    ids.set(name, id);
    return id;
  };
  const boxes = plugins.map((plugin) => `${idOf(plugin.name)}[${quoted(boxLines(plugin))}]`);
  const absent = new Set(
    plugins.flatMap(({ requires }) => requires.filter(({ met }) => !met).map((r) => r.plugin)),
  );
  const rounds = [...absent]
    .filter((name) => !ids.has(name))
    .map((name) => `${idOf(name)}(${quoted([name])})`);
  const arrows = plugins.flatMap((user) =>
    user.requires.map((required) => {
      const owner = plugins.find(({ name }) => name === required.plugin);
      const heard = [...heardBy(user.name, owner), ...attachedTo(required.plugin, user)];
      const label = heard.length === 0 ? "" : `|${quoted(heard)}|`;
      return `${idOf(required.plugin)} ${arrow(required)}${label} ${idOf(user.name)}`;
    }),
  );
  return ["flowchart LR", ...[...boxes, ...rounds, ...arrows].map((line) => `  ${line}`), ""].join("\n");
}

function arrow({ optional, met }: RequirementDescription): string {
  if (!optional) return "-->";
  return met ? "-.->" : "-.-";
}

function boxLines({ name, version, callbacks, functions, values }: PluginDescription): string[] {
  return [
    [name, version].filter(Boolean).join(" "),
    ...callbacks.map((each) => `${each.name} ${each.size}/${each.capacity}`),
    ...functions.map((each) => `${each}()`),
    ...values,
  ];
}

/** The callbacks of `owner` that `user` has subscribed to. */
function heardBy(user: string, owner: PluginDescription | undefined): string[] {
  return (owner?.callbacks ?? []).flatMap(({ name, subscribers }) =>
    subscribers
      .filter(({ plugin }) => plugin === user)
      .map(({ direct, rx }) => `${name} (${lanes(direct, rx)})`),
  );
}

/** Where in the values of `owner` `user` has attached. */
function attachedTo(owner: string, { attachments }: PluginDescription): string[] {
  const prefix = `${owner}.`;
  const there = attachments.filter(({ to }) => to.startsWith(prefix));
  return watched(there.map((each) => ({ ...each, to: each.to.slice(prefix.length) })));
}

/** Lines as one text; every character that could mean something there as its number. */
function quoted(lines: readonly string[]): string {
  const plain = lines.map((line) => line.replaceAll(/[^\w .,:/@()-]/gu, (c) => `#${c.codePointAt(0)};`));
  return `"${plain.join("<br/>")}"`;
}
