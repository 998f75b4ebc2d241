import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A plugin on one guest. */
export interface PluginSpeed {
  readonly plugin: string;
  readonly guest: string;
  /** Seconds of each run with the plugin. */
  readonly seconds: readonly number[];
  /** And of those of the same guest without any. */
  readonly bare: readonly number[];
  /** By the name of each counterpart: its seconds. */
  readonly counterparts: Readonly<Record<string, readonly number[]>>;
}

/** What `npm run bench -- plugins` has found. */
export interface PluginsRecord {
  readonly environment: string;
  readonly date: string;
  /** Load averages at the start and at the end. */
  readonly load: readonly [start: string, end: string];
  readonly runs: number;
  readonly speeds: readonly PluginSpeed[];
  /** Why plugins were not measured, by name. */
  readonly leftOut: Readonly<Record<string, string>>;
}

/** Where the figures that the README shows are. */
const PLUGINS_RECORD: string = fileURLToPath(new URL("../plugins.json", import.meta.url));

/** @throws Error of Node's if there is none */
export function readPluginsRecord(): PluginsRecord {
  return JSON.parse(readFileSync(PLUGINS_RECORD, "utf8")) as PluginsRecord;
}

export function writePluginsRecord(record: PluginsRecord): void {
  writeFileSync(PLUGINS_RECORD, `${JSON.stringify(record, null, 2)}\n`);
}
