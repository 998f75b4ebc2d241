import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, Failure, fileProblem } from "../failure.js";
import { filesOf } from "./template.js";

/** npm's own limit for the name of a package. */
const LONGEST_NAME = 214;

/**
 * `qpp new`: writes a plugin's package into a new folder of its name.
 * @returns what to do next, for people.
 * @throws Failure for a bad name, or if there is something of that name already; then nothing has been written.
 */
export async function newPlugin(name: string): Promise<string> {
  const problem = await problemWith(name);
  if (problem !== undefined) throw new Failure(`new ${name}: ${problem}`);
  const identifier = `${name.replaceAll(/[-_]+(.)/g, (_, letter: string) => letter.toUpperCase())}Contract`;
  const files = Object.entries(filesOf({ name, identifier, version: ownVersion() }));
  try {
    mkdirSync(name);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw new Failure(`new ${name}: ${fileProblem(error)}`);
    throw new Failure(`new ${name}: there is a ${name} here already; move it away, or take another name`);
  }
  for (const [file, content] of files) {
    try {
      writeFileSync(join(name, file), content, { flag: "wx" });
    } catch (error) {
      throw new Failure(`new ${name}: ${join(name, file)} cannot be written: ${fileProblem(error)}`);
    }
  }
  return `${name}/: ${files.map(([file]) => file).join(", ")}

npx qpp run -p ./${name} PROGRAM          runs it
npx qpp run --watch -p ./${name} PROGRAM  runs it again at every change
cd ${name} && npm install && npm test     tests it
`;
}

/** What is wrong with a name for a plugin, its folder and its package at once. */
async function problemWith(name: string): Promise<string | undefined> {
  if (!/^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/.test(name) || name.length > LONGEST_NAME)
    return "a plugin's name has small letters and digits, and single - or _ between them: my-plugin";
  const { findInCatalog } = await import("@qpp/plugins/catalog");
  if (name === "machine" || findInCatalog(name))
    return "there is a plugin of that name, and of two of one name only one can be loaded";
  return undefined;
}

function ownVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL(import.meta.resolve("@qpp/cli/package.json")), "utf8"),
  );
  return manifest.version;
}
