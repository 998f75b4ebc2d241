import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, guest, qpp } from "./qpp.js";

const plugin = (name: string, body: string): string =>
  `import { plugin } from "@qpp/core"; export default plugin("${name}", { install({ save, open, report }) { ${body} } });`;

test("--out: files of plugins, also piece by piece; without it, none", () => {
  const folder = folderWith({
    "files.mjs": plugin(
      "files",
      'save("a/saved.txt", () => ["1", "2"]); open("trace.txt")?.write("x".repeat(100_000));',
    ),
  });
  const file = join(folder, "files.mjs");
  const out = join(folder, "new", "out");
  expect(qpp(["run", "-q", "-p", file, guest("exit-code"), "42"]).code).toBe(42);
  expect(existsSync(out)).toBe(false);
  expect(qpp(["run", "-q", "--out", out, "-p", file, guest("exit-code"), "42"])).toMatchObject({
    code: 42,
    stderr: "",
  });
  expect(readFileSync(join(out, "a/saved.txt"), "utf8")).toBe("12");
  expect(readFileSync(join(out, "trace.txt"), "utf8")).toBe("x".repeat(100_000));
});

test("--out: what is wrong with a folder or a file is told, and results are still there", () => {
  const folder = folderWith({
    file: "",
    "files.mjs": plugin(
      "files",
      'report(() => "kept"); save("../up", () => ""); save("a", () => "1"); save("a", () => "2");',
    ),
  });
  const file = join(folder, "files.mjs");
  const bad = qpp(["run", "--out", join(folder, "file"), guest("exit-code"), "42"]);
  expect(bad.code).toBe(125);
  expect(bad.stderr).toMatch(/^qpp: --out .*file: it cannot be written: .*\n$/);
  const out = join(folder, "out");
  const run = qpp(["run", "-q", "--json", "-", "--out", out, "-p", file, guest("exit-code"), "42"]);
  expect(run.code).toBe(125);
  expect(run.stderr).toContain('"../up" is no name of a file inside of a folder');
  expect(run.stderr).toContain('plugin "files" has written that file');
  expect(JSON.parse(run.stdout).plugins).toEqual({ files: "kept" });
  expect(readFileSync(join(out, "a"), "utf8")).toBe("1");
});
