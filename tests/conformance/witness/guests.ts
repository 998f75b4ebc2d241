import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Guest } from "./machine.js";

/** Where the guests are. */
export const GUESTS: string = fileURLToPath(new URL("../../../guests/", import.meta.url));

/** A guest program, run as `guests/expected.json` was recorded: in `guests/`, as `bin/NAME`. */
export function guest(
  name: string,
  args: readonly string[] = [],
): Guest & { readonly args: readonly string[] } {
  const path = `bin/${name}`;
  return { path, image: readFileSync(`${GUESTS}${path}`), args, cwd: GUESTS };
}
