import { readFileSync } from "node:fs";

/** Name of the file, which lies beside the built code; set by the build (`scripts/build.mjs`). */
declare const INTERPRETER_FILE: string;

/** The interpreter's module, as `generated.ts` gave it to the build: it takes as long to generate as Node to start. */
export function interpreterModule(): Uint8Array<ArrayBuffer> {
  return readFileSync(new URL(INTERPRETER_FILE, import.meta.url));
}
