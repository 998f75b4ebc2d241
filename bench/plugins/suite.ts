import { fileURLToPath } from "node:url";
import { replaceBetween } from "../machine/readme.js";
import { asMarkdown, asText } from "../table.js";
import { measurePlugins, type PluginsPlan } from "./measure.js";
import { type PluginsRecord, readPluginsRecord, writePluginsRecord } from "./record.js";
import { pluginTables } from "./tables.js";

const README = fileURLToPath(new URL("../README.md", import.meta.url));
const BEGIN = "<!-- plugins: written by `npm run bench -- plugins` -->";
const END = "<!-- plugins: end -->";

/** Measures plugins and shows the tables; those of all plugins go into the record and the README. */
export function plugins(plan: PluginsPlan): void {
  const record = measurePlugins(plan);
  for (const table of pluginTables(record)) console.log(`\n${asText(table)}`);
  if (plan.only !== undefined) return;
  writePluginsRecord(record);
  replaceBetween(README, BEGIN, END, pluginsMarkdown(readPluginsRecord()));
}

/** What stands in the README of a record. */
export function pluginsMarkdown(record: PluginsRecord): string {
  const { environment, date, runs, load } = record;
  const times = runs === 1 ? "one run" : `medians of ${runs} runs, in turns`;
  const taken = `${environment}. ${date}, ${times}; load ${load[0]} at the start, ${load[1]} at the end.`;
  return [taken, ...pluginTables(record).map(asMarkdown)].join("\n\n");
}
