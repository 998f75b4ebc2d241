import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Results } from "./results.js";

/** The figures that the README shows. */
export const RECORD: string = fileURLToPath(new URL("../machine.json", import.meta.url));

/** Figures from a file; none if there is no file. */
export function readRecord(file: string): Results {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : {};
}

/** Puts sections into a file, over those that were there. */
export function writeRecord(file: string, results: Results): void {
  writeFileSync(file, `${JSON.stringify({ ...readRecord(file), ...results }, null, 2)}\n`);
}
