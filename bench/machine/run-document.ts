import { readFileSync } from "node:fs";
import { scratch } from "./scratch.js";

/** Where `qpp run --json` puts what it found. */
const document = (): string => scratch("run.json");

/** Options of `qpp run` that have it write its document. */
export const withDocument = (): readonly string[] => ["--json", document()];

/** What is read of the document. */
export interface RunDocument {
  readonly machine: { readonly insns: number };
  readonly plugins: Readonly<Record<string, unknown>>;
  readonly faults?: readonly unknown[];
}

/** The document of the last run. @throws Error if a plugin failed: its figures would say nothing */
export function lastDocument(): RunDocument {
  const found = JSON.parse(readFileSync(document(), "utf8")) as RunDocument;
  if (found.faults) throw new Error(`a plugin failed: ${JSON.stringify(found.faults)}`);
  return found;
}
