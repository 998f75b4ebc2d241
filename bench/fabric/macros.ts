import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasPeer, outputOf } from "../measure.js";

const source = (name: string): string => fileURLToPath(new URL(`macros/${name}`, import.meta.url));

/**
 * Compiles the macros in C with the host's gcc.
 *
 * @returns nanoseconds of one event with so many listeners; undefined if there is no gcc
 */
export function compileMacros(): ((count: number) => number) | undefined {
  if (!hasPeer("gcc")) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "qpp-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  const [listeners, owner] = [join(folder, "listeners.so"), join(folder, "owner")];
  outputOf("gcc", ["-O2", "-shared", "-fPIC", "-o", listeners, source("listeners.c")]);
  outputOf("gcc", ["-O2", "-o", owner, source("owner.c"), "-ldl"]);
  return (count) => Number(outputOf(owner, [listeners, String(count)]));
}
