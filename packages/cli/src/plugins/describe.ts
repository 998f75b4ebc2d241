import type { Contract, Plugin } from "@qpp/core";
import { catalog } from "@qpp/plugins/catalog";
import { indented, table } from "@qpp/plugins/text";
import { loadPlugin } from "../plugin/load.js";
import { describeArguments } from "./arguments.js";

/** `qpp plugins`: the plugins that can be loaded by name. */
export function listPlugins(): string {
  const rows = catalog.map(({ name, description }) => [name, description]);
  return `${table(["plugin", "what it does"], rows)}\n\nqpp plugins NAME tells more about one of them.\n`;
}

/** `qpp plugins NAME`: what a plugin takes and offers. @throws Failure if there is none of that name. */
export async function describePlugin(name: string): Promise<string> {
  const plugin = await loadPlugin(name);
  const { version, description, contract, requires, optional } = plugin;
  const sections = [
    ["arguments", describeArguments(plugin.args)],
    ["requires", namesOf(requires)],
    ["uses if it is there", namesOf(optional)],
    ["callbacks", describeCallbacks(contract)],
    ["functions", Object.keys(contract.functions).join("\n")],
    ["values", Object.keys(contract.values).join("\n")],
  ] as const;
  const head = [plugin.name, version, description && `- ${description}`].filter(Boolean).join(" ");
  const told = sections.filter(([, text]) => text !== "");
  return `${head}\n${told.map(([title, text]) => `\n${title}\n${indented(text)}\n`).join("")}`;
}

function namesOf(requirements: Plugin["requires"]): string {
  return Object.values(requirements)
    .map(({ name }) => name)
    .join("\n");
}

function describeCallbacks({ callbacks }: Contract): string {
  return Object.entries(callbacks)
    .map(([name, { capacity }]) => `${name} (up to ${capacity} subscribers)`)
    .join("\n");
}
