import { statSync } from "node:fs";
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isPlugin, type Plugin } from "@qpp/core";
import { codeOf, Failure, fileProblem, messageOf } from "../failure.js";
import { PACKAGE_SCHEME } from "./module-hooks.js";

/** Imports a plugin from a file; a TypeScript one through tsx. @throws Failure */
export async function importPluginFile(path: string): Promise<Plugin> {
  const file = resolve(path);
  let isFile: boolean;
  try {
    isFile = statSync(file).isFile();
  } catch (error) {
    throw new Failure(`plugin ${path}: ${fileProblem(error)}`);
  }
  if (!isFile) throw new Failure(`plugin ${path}: it is not a file; give the plugin's module`);
  if (/\.[cm]?tsx?$/.test(file)) await understandTypeScript();
  hookModules();
  return importPlugin(path, pathToFileURL(file).href);
}

/** Imports a plugin from a package that is installed where the command is run; undefined if none is. @throws Failure */
export async function importPluginPackage(name: string): Promise<Plugin | undefined> {
  hookModules();
  try {
    return await importPlugin(name, PACKAGE_SCHEME + name);
  } catch (error) {
    const cause = error instanceof Failure ? error.cause : undefined;
    const absent =
      codeOf(cause) === "ERR_MODULE_NOT_FOUND" && messageOf(cause).includes(`'${packageOf(name)}'`);
    if (absent || codeOf(cause) === "ERR_INVALID_MODULE_SPECIFIER") return undefined;
    throw error;
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

let hooked = false;

function hookModules(): void {
  if (hooked) return;
  hooked = true;
  register("./module-hooks.js", import.meta.url);
}

/** Must be called before {@link hookModules}: hooks that are registered later see a module first. */
async function understandTypeScript(): Promise<void> {
  const { register } = await import("tsx/esm/api");
  // The compiler options that happen to lie around where the command is run are not the plugin's.
  register({ tsconfig: false });
}
