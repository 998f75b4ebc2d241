import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Compiles as a plugin author would who has the packages installed, and no options of ours but strictness. */
const OPTIONS = {
  target: "ES2022",
  lib: ["ES2023"],
  module: "NodeNext",
  types: ["node"],
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
};

/**
 * Makes a folder in which a page is followed, with links to these folders of the project. It is below tests/, whose packages
 * the page's files may import; hidden, so that no tool takes them for tests of ours.
 */
export function createPageFolder(root: string, name: string, linked: readonly string[]): string {
  mkdirSync(join(root, "tests/.qpp"), { recursive: true });
  const folder = mkdtempSync(join(root, `tests/.qpp/${name}-`));
  for (const each of linked) symlinkSync(join(root, each), join(folder, each));
  const config = { compilerOptions: OPTIONS, include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "vitest.config.js"), "export default {};");
  return folder;
}
