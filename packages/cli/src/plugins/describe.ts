import { fileURLToPath } from "node:url";
import type { CallbackSpec, Contract, Plugin } from "@qpp/core";
import { indented, table } from "@qpp/plugins/text";
import { type FoundPlugin, loadPlugin } from "../plugin/load.js";
import { describeArguments } from "./arguments.js";
import { readSignatures, type Signature } from "./signatures.js";

const MACHINE = "machine";

/** `qpp plugins`: the plugins that can be loaded by name. */
export async function listPlugins(): Promise<string> {
  const { catalog } = await import("@qpp/plugins/catalog");
  const machine = [MACHINE, "What all others build on: the guest's machine; it is always loaded"];
  const plugins = await Promise.all(catalog.map((entry) => entry.load()));
  const rows = [...plugins.map(({ name, description = "" }) => [name, description]), machine];
  return `${table(["plugin", "what it does"], rows)}\n\nqpp plugins NAME tells more about one of them.\n`;
}

/** `qpp plugins NAME`: what a plugin takes and offers. @throws Failure if there is none of that name. */
export async function describePlugin(name: string): Promise<string> {
  const { plugin, file } = name === MACHINE ? await machinePlugin() : await loadPlugin(name);
  const { version, description, contract, requires, optional } = plugin;
  const signatures = file === undefined ? new Map<string, Signature>() : await readSignatures(file, contract);
  const describe = (entries: readonly string[], more: (entry: string) => string = () => ""): string =>
    entries.map((entry) => describeEntry(entry, signatures.get(entry), more(entry))).join("\n");
  const sections = [
    ["arguments", await describeArguments(plugin.args)],
    ["requires", namesOf(requires)],
    ["uses if it is there", namesOf(optional)],
    ["callbacks", describe(Object.keys(contract.callbacks), (entry) => slots(contract.callbacks[entry]))],
    ["functions", describe(Object.keys(contract.functions))],
    ["values", describe(Object.keys(contract.values))],
  ] as const;
  const head = [plugin.name, version, description && `- ${description}`].filter(Boolean).join(" ");
  const told = sections.filter(([, text]) => text !== "");
  const missing = namesIn(contract).some((entry) => !signatures.has(entry)) ? UNTYPED : "";
  return `${head}\n${told.map(([title, text]) => `\n${title}\n${indented(text)}\n`).join("")}${missing}`;
}

/** The machine, as a plugin like others; its contract is what tells of it. */
async function machinePlugin(): Promise<FoundPlugin> {
  const { idleMachine } = await import("../machine.js");
  const file = fileURLToPath(import.meta.resolve("@qpp/emulator/contract"));
  return { plugin: idleMachine().plugin, file };
}

const UNTYPED =
  "\nSome types cannot be told: neither TypeScript nor declarations with this contract are beside the module.\n";

function namesIn({ callbacks, functions, values }: Contract): string[] {
  return [callbacks, functions, values].flatMap((group) => Object.keys(group));
}

function namesOf(requirements: Plugin["requires"]): string {
  return Object.values(requirements)
    .map(({ name }) => name)
    .join("\n");
}

/** Its name and types, and under them what is known of it. */
function describeEntry(name: string, signature: Signature | undefined, more: string): string {
  const lines = [
    name + (signature?.text ?? ""),
    ...[signature?.about ?? "", more].filter(Boolean).map(indented),
  ];
  return lines.join("\n");
}

function slots(spec: CallbackSpec | undefined): string {
  if (spec === undefined) return "";
  const { capacity, combine } = spec;
  const results = typeof combine === "string" ? combine : "a function of its own";
  return `up to ${capacity} subscribers${combine === undefined ? "" : `, whose results combine by ${results}`}`;
}
