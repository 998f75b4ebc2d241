import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { outputOf } from "../measure.js";

const bench = fileURLToPath(new URL("../", import.meta.url));
const sources = join(bench, "../guests/src");

/** A file among what the benchmark builds; its folder exists, and git ignores it. */
function built(...path: string[]): string {
  const file = join(bench, "build", ...path);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

const gcc = (...args: string[]): string => outputOf("gcc", ["-O2", "-Wall", "-Wextra", ...args]);

/** Builds a guest for this machine, from the same source. @returns the program's path */
export function buildNative(name: string): string {
  const program = built("native", name);
  gcc("-std=gnu11", "-o", program, join(sources, `${name}.c`), "-lm");
  return program;
}

/** Builds a plugin of QEMU's from `peers`. @returns the shared object's path */
export function buildPeer(name: string): string {
  return buildPeerAt(join(bench, "peers", `${name}.c`), name);
}

/** The same for a source that is elsewhere. @param name of the shared object */
export function buildPeerAt(source: string, name: string): string {
  const object = built("peers", `${name}.so`);
  gcc("-shared", "-fPIC", "-fvisibility=hidden", "-I", join(bench, "peers"), "-o", object, source);
  return object;
}

/** Builds the program that tells another one's peak of memory. @returns its path */
export function buildPeak(): string {
  const program = built("peak");
  gcc("-o", program, join(bench, "machine/peak.c"));
  return program;
}

/** The module of a plugin of QPP's, once {@link buildPlugins} has made it. */
export const builtPlugin = (name: string): string => built("plugins", `${name}.mjs`);

/** Takes the types off the plugins in `machine/plugins`, as their author would before giving them away. */
export function buildPlugins(): void {
  const folder = join(bench, "machine/plugins");
  buildSync({
    entryPoints: readdirSync(folder).map((file) => join(folder, file)),
    outdir: dirname(builtPlugin("")),
    outExtension: { ".js": ".mjs" },
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
}
