import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Results } from "./results.js";

const here = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** The figures that the README shows: those of the Node that the benchmark itself runs on. */
export const RECORD: string = here("machine.json");
/** Those of another Node. */
export const OTHER_NODE_RECORD: string = here("machine-other-node.json");

/** Figures from a file; none if there is no file. */
export function readRecord(file: string): Results {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : {};
}

/** Puts sections into a file, over those that were there. */
export function writeRecord(file: string, results: Results): void {
  writeFileSync(file, `${JSON.stringify({ ...readRecord(file), ...results }, null, 2)}\n`);
}
