import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, commandsOf, outputPattern } from "./blocks.js";
import { createPageFolder } from "./folder.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = (name: string): string => `'${join(root, "node_modules/.bin", name)}'`;

/** What stands for the tools of a page's commands, which a user would have from `npx`. */
const TOOLS: Readonly<Record<string, string>> = {
  "npx qpp": `'${process.execPath}' '${join(root, "packages/cli/bin/qpp.js")}'`,
  "npx vitest": bin("vitest"),
};

// Each block is done in its turn: a file is written, again if it comes again, and a command is run with the files as they are
// by then. So the page can show a test that fails, and then the mended plugin.
describe("docs/testing.md, followed from top to bottom", () => {
  const blocks = blocksOf(readFileSync(join(root, "docs/testing.md"), "utf8"));
  let folder: string;

  beforeAll(() => {
    folder = createPageFolder(root, "testing", ["guests"]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has something to follow", () => {
    expect(blocks.filter(({ file }) => file !== undefined).length).toBeGreaterThan(5);
    expect(blocks.filter(({ language }) => language === "console").length).toBeGreaterThan(5);
  });

  for (const { language, file, text, line } of blocks) {
    if (file !== undefined) it(`line ${line}: ${file} compiles`, () => compile(file, text));
    if (language !== "console") continue;
    for (const { command, output } of commandsOf(text)) {
      it(`line ${line}: ${command}`, () => expect(run(command)).toMatch(outputPattern(output)));
    }
  }

  function compile(file: string, text: string): void {
    writeFileSync(join(folder, file), text);
    const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
  }

  function run(command: string): string {
    const local = Object.entries(TOOLS).reduce((text, [tool, path]) => text.replace(tool, path), command);
    const { FORCE_COLOR: _, ...env } = process.env;
    const { stdout } = spawnSync("sh", ["-c", `{ ${local}\n} 2>&1`], {
      cwd: folder,
      encoding: "utf8",
      env: { ...env, NO_COLOR: "1" },
    });
    return stdout;
  }
});
