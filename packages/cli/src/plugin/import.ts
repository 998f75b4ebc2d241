import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isPlugin, type Plugin } from "@qpp/core";
import { codeOf, Failure, fileProblem, messageOf } from "../failure.js";
import type { FoundPlugin } from "./load.js";
import { FILE_SCHEME, PACKAGE_SCHEME } from "./module-hooks.js";
import { hookModules, sourceRead } from "./sources.js";

/** What stands for a folder, the first that is there. */
const INDEXES = ["index.ts", "index.mts", "index.js", "index.mjs"];

/** Imports a plugin from a file, or from the index file of a folder; a TypeScript one through tsx. @throws Failure */
export async function importPluginFile(path: string): Promise<FoundPlugin> {
  const file = findFile(path);
  if (/\.[cm]?tsx?$/.test(file)) await understandTypeScript();
  hookModules();
  return { plugin: await importPlugin(path, FILE_SCHEME + pathToFileURL(file).href), file };
}

/** Imports a plugin from a package that is installed where the command is run; undefined if none is. @throws Failure */
export async function importPluginPackage(name: string): Promise<FoundPlugin | undefined> {
  hookModules();
  try {
    return { plugin: await importPlugin(name, PACKAGE_SCHEME + name), file: packageFile(name) };
  } catch (error) {
    const cause = error instanceof Failure ? error.cause : undefined;
    const absent =
      codeOf(cause) === "ERR_MODULE_NOT_FOUND" && messageOf(cause).includes(`'${packageOf(name)}'`);
    if (absent || codeOf(cause) === "ERR_INVALID_MODULE_SPECIFIER") return undefined;
    throw error;
  }
}

function findFile(path: string): string {
  const given = resolve(path);
  const kind = kindOf(path, given);
  if (kind === "other") throw new Failure(`plugin ${path}: it is not a file; give the plugin's module`);
  const files = kind === "file" ? [given] : INDEXES.map((name) => join(given, name));
  const found = files.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  for (const file of found === undefined ? files : [found]) sourceRead(file);
  if (found !== undefined) return found;
  throw new Failure(`plugin ${path}: there is none of ${INDEXES.join(", ")} in that folder`);
}

function kindOf(path: string, file: string): "file" | "folder" | "other" {
  try {
    const stats = statSync(file);
    return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  } catch (error) {
    sourceRead(file);
    throw new Failure(`plugin ${path}: ${fileProblem(error)}`);
  }
}

/** Where Node's older resolution finds the package, which is where the newer one does unless its `exports` tell them apart. */
function packageFile(name: string): string | undefined {
  try {
    return createRequire(resolve("package.json")).resolve(name);
  } catch {
    return undefined;
  }
}

/** The package that a specifier begins with: `@scope/name`, or `name`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

async function importPlugin(name: string, url: string): Promise<Plugin> {
  let module: { readonly default?: unknown };
  try {
    module = await import(url);
  } catch (cause) {
    throw new Failure(`plugin ${name}: ${importProblem(cause)}`, { cause });
  }
  if (isPlugin(module.default)) return module.default;
  const has = "default" in module ? "its default export is something else" : "it has no default export";
  throw new Failure(`plugin ${name}: ${has}; a plugin is \`export default plugin(...)\``);
}

function importProblem(cause: unknown): string {
  const isSyntax =
    cause instanceof SyntaxError || (cause instanceof Error && cause.name === "TransformError");
  return `${isSyntax ? "it does not compile" : "it cannot be loaded"}: ${messageOf(cause).trim()}`;
}

/** Must be called before {@link hookModules}: hooks that are registered later see a module first. */
async function understandTypeScript(): Promise<void> {
  const { register } = await import("tsx/esm/api");
  // The compiler options that happen to lie around where the command is run are not the plugin's.
  register({ tsconfig: false });
}
