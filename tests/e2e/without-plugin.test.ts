import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./qpp.js";

const source = join(root, "packages/plugins/src");
const built = join(root, "packages/plugins/dist");
const folders = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const nameOf = (folder: string): string => folder.replaceAll("-", "_");

/** What each plugin of a copy of the package needs; undefined for one that cannot be loaded. */
type Needs = Readonly<Record<string, readonly string[] | undefined>>;

/** Loads every plugin of the copies, each as modules of its own, and prints what they need. */
const LOAD_ALL = `
  const found = [];
  for (const copy of process.argv.slice(1)) {
    const { catalog } = await import(copy + "/dist/catalog.js");
    const needs = {};
    for (const { name, load } of catalog) {
      try {
        const { requires, optional } = await load();
        needs[name] = [...Object.values(requires), ...Object.values(optional)].map((each) => each.name);
      } catch (error) {
        if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
        needs[name] = null;
      }
    }
    found.push(needs);
  }
  console.log(JSON.stringify(found));`;

let scratch: string;
beforeAll(() => {
  mkdirSync(join(root, "tests/.qpp"), { recursive: true });
  scratch = mkdtempSync(join(root, "tests/.qpp/without-"));
  symlinkSync(join(root, "packages/plugins/node_modules"), join(scratch, "node_modules"));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Copies the built package, but for one folder. Linked: what Node takes a module's place to be is the copy. */
function copyWithout(folder: string): string {
  const copy = join(scratch, folder || "whole");
  for (const file of readdirSync(built, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".js") || file.startsWith(`${folder}/`)) continue;
    mkdirSync(join(copy, "dist", dirname(file)), { recursive: true });
    linkSync(join(built, file), join(copy, "dist", file));
  }
  return copy;
}

test("without any one plugin's folder, all load that do not build on it, and no others", () => {
  const copies = ["", ...folders].map(copyWithout);
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", LOAD_ALL, ...copies], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const [whole = {}, ...rest]: Needs[] = JSON.parse(output);
  expect(Object.keys(whole).sort()).toEqual(folders.map(nameOf).sort());
  for (const [i, needs] of rest.entries()) {
    const gone = nameOf(folders[i] ?? "");
    const loaded = Object.keys(needs).filter((name) => needs[name] !== null);
    const direct = Object.keys(whole).filter((name) => name !== gone && !whole[name]?.includes(gone));
    expect(loaded, `without ${gone}`).toEqual(direct);
    for (const name of loaded) expect(needs[name]).toEqual(whole[name]);
  }
});

test("plugins know each other by their contracts alone", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const others = files.flatMap((file) => {
    const text = readFileSync(join(source, file), "utf8");
    const imported = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path = ""]) =>
      relative(source, resolve(source, dirname(file), path)),
    );
    const mine = file.split("/")[0];
    return imported
      .filter((path) => path.includes("/") && path.split("/")[0] !== mine)
      .map((path) => ({ file, path }));
  });
  expect(others.length).toBeGreaterThan(10);
  expect(others.filter(({ path }) => !/^[\w-]+\/contract\.js$/.test(path))).toEqual([]);
});
