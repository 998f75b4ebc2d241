import { inspect } from "node:util";

/** What a plugin said, as text: strings as they are, everything else as the console would show it. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}
