import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, commandsOf, outputPattern } from "./blocks.js";
import { createPageFolder } from "./folder.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = (name: string): string => join(root, "node_modules/.bin", name);
const qpp = `'${process.execPath}' '${join(root, "packages/cli/bin/qpp.js")}'`;

describe.each(["README.md", "docs/plugin-author.md", "examples/README.md"])("%s", (page) => {
  const blocks = blocksOf(readFileSync(join(root, page), "utf8"));
  const files = blocks.flatMap(({ file, text }) => (file === undefined ? [] : [{ file, text }]));
  const commands = blocks.flatMap(({ language, text, line }) =>
    language === "console" ? commandsOf(text).map((command) => ({ ...command, line })) : [],
  );
  let folder: string;

  beforeAll(() => {
    folder = createPageFolder(root, "page", ["guests", "docs", "examples"]);
    for (const { file, text } of files) writeFileSync(join(folder, file), text);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has commands to check", () => {
    expect(commands.length).toBeGreaterThan(0);
    expect(new Set(files.map(({ file }) => file)).size).toBe(files.length);
  });

  it("has files that compile", () => {
    if (files.length === 0) return;
    const { status, stdout } = spawnSync(bin("tsc"), ["-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  it.each(commands)("line $line: $command", ({ command, output }) => {
    const { stdout } = spawnSync("sh", ["-c", `{ ${command.replaceAll("npx qpp", qpp)}\n} 2>&1`], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stdout).toMatch(outputPattern(output));
  });

  it("has tests that pass", () => {
    const tests = files.filter(({ file }) => file.endsWith(".test.ts"));
    if (tests.length === 0) return;
    // By name: a command of the page may have written other tests.
    const names = tests.map(({ file }) => file);
    const { status, stdout } = spawnSync(
      bin("vitest"),
      ["run", "--root", folder, "--reporter=json", ...names],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    const result = JSON.parse(stdout.slice(stdout.indexOf("{")));
    expect(result).toMatchObject({ success: true, numFailedTests: 0 });
    expect(result.testResults).toHaveLength(tests.length);
    expect(status).toBe(0);
  });
});

it("the example that the demo runs is the one that the README shows", () => {
  const shown = blocksOf(readFileSync(join(root, "README.md"), "utf8")).find(
    ({ file }) => file === "opened.ts",
  );
  expect(shown?.text).toBe(readFileSync(join(root, "docs/examples/opened.ts"), "utf8"));
});
