import { spawnSync } from "node:child_process";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { command, guest, root } from "./qpp.js";

const dataUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/** Tells of each module that is imported (node:module, "Customization Hooks"). */
const HOOKS = dataUrl(`
  export async function resolve(specifier, context, next) {
    const found = await next(specifier, context);
    process._rawDebug("imports " + found.url);
    return found;
  }`);
const REGISTER = dataUrl(`import { register } from "node:module"; register(${JSON.stringify(HOOKS)});`);

/** Files that a run imports, seen from the workspace; those of Node and in node_modules left out. */
function importedBy(...options: string[]): string[] {
  const args = ["--import", REGISTER, command, "run", "--quiet", ...options, guest("hello")];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  expect(stdout).toBe("Hello from RISC-V!\n");
  const urls = [...stderr.matchAll(/^imports (file:.*)$/gm)].map(([, url = ""]) => url);
  const files = urls.map((url) => relative(root, fileURLToPath(url)));
  return [...new Set(files)].filter((file) => !file.includes("node_modules")).sort();
}

/** The files that are not of the libraries, which are always loaded whole. */
function ofCommand(files: readonly string[]): string[] {
  return files.filter((file) => !/^packages\/(core|emulator)\/dist\//.test(file));
}

it("opens only a few files for a run without plugins", () => {
  const files = importedBy();
  expect(ofCommand(files)).toEqual(["packages/cli/bin/qpp.js", "packages/cli/dist/main.js"]);
  // One for each entry point, and what these have in common.
  expect(files.length - 2).toBeLessThanOrEqual(9);
});

it("opens no plugin but those that are asked for", () => {
  const folders = importedBy("-p", "bb").flatMap(
    (file) => /^packages\/plugins\/dist\/([\w-]+)\//.exec(file)?.[1] ?? [],
  );
  expect(new Set(folders)).toEqual(new Set(["bb"]));
});

/** How often V8 tells of something in a run. */
function told(flag: string, text: RegExp, program: string): number {
  const args = [flag, command, "run", "--no-translate", guest(program)];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  return [...stdout.matchAll(text)].length;
}

it.each([
  ["the interpreter", "--trace-wasm-compilation-times", /using TurboFan/g],
  ["JavaScript", "--trace-opt", /completed optimizing/g],
])("has V8 compile %s for speed if it is used for long, but not for a moment", (_, flag, text) => {
  expect(told(flag, text, "hello")).toBe(0);
  expect(told(flag, text, "sieve")).toBeGreaterThan(0);
});
