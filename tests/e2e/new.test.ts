import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { document, folderWith, guest, qpp, root } from "./qpp.js";

const bin = (name: string): string => join(root, "node_modules/.bin", name);

// Its name has in it what its parts must cope with.
describe.each(["my-plugin", "new", "a1_b-2c"])("qpp new %s", (name) => {
  let folder: string;
  let plugin: string;
  let said: ReturnType<typeof qpp>;

  beforeAll(() => {
    mkdirSync(join(root, "tests/.qpp"), { recursive: true });
    // Below tests/, whose packages it finds as if they were installed.
    folder = mkdtempSync(join(root, "tests/.qpp/new-"));
    said = qpp(["new", name], { cwd: folder });
    plugin = join(folder, name);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("writes a package", () => {
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout).toContain(`npx qpp run -p ./${name} PROGRAM`);
    expect(readdirSync(folder)).toEqual([name]);
    const files = readdirSync(plugin).sort();
    expect(said.stdout.split("\n")[0]?.split(/: |, /).slice(1).sort()).toEqual(files);
    expect(JSON.parse(readFileSync(join(plugin, "package.json"), "utf8"))).toMatchObject({
      name,
      exports: { ".": { default: "./dist/index.js" }, "./contract": { types: "./dist/contract.d.ts" } },
    });
  });

  it("whose plugin runs by its folder", () => {
    const { code, stderr } = qpp(["run", "-p", `./${name}`, guest("hello")], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toContain(`\n${name}\n  0 system calls failed\n`);
    const denied = [guest("json"), join(root, "guests/data/stations.json")];
    const failing = document(["-p", `${plugin}`, "-p", "syscall", ...denied]);
    expect(failing.plugins[name]).toEqual({ failures: 1 });
  });

  it("tells what it offers, with types", () => {
    const { stdout } = qpp(["plugins", `./${name}`], { cwd: folder });
    expect(stdout).toContain("  failed(call: string, error: string)\n    A system call failed.\n");
    expect(stdout).toContain("  failures(): number\n");
  });

  it("whose test passes, and fails for a plugin that is wrong", () => {
    const test = (): { success: boolean; numTotalTests: number } => {
      // As `npm test` does there.
      const { stdout } = spawnSync(bin("vitest"), ["run", "--reporter=json"], {
        cwd: plugin,
        encoding: "utf8",
      });
      return JSON.parse(stdout.slice(stdout.indexOf("{")));
    };
    expect(JSON.parse(readFileSync(join(plugin, "package.json"), "utf8")).scripts.test).toBe("vitest run");
    expect(test()).toMatchObject({ success: true, numTotalTests: 1, numPassedTests: 1 });
    const file = join(plugin, "index.ts");
    const source = readFileSync(file, "utf8");
    writeFileSync(file, source.replace("failures++", 'if (name !== "read") failures++'));
    expect(test()).toMatchObject({ success: false, numFailedTests: 1 });
    writeFileSync(file, source);
  });

  it("that compiles, test included, to a package that others load by its name", () => {
    const tsc = (...args: string[]): unknown => {
      const { status, stdout } = spawnSync(bin("tsc"), args, { cwd: plugin, encoding: "utf8" });
      return { status, stdout };
    };
    const options = { extends: "./tsconfig.json", compilerOptions: { noEmit: true }, exclude: ["dist"] };
    writeFileSync(join(plugin, "all.json"), JSON.stringify(options));
    expect(tsc("-p", "all.json")).toEqual({ status: 0, stdout: "" });
    expect(tsc()).toEqual({ status: 0, stdout: "" });
    const user = folderWith();
    mkdirSync(join(user, "node_modules"));
    symlinkSync(plugin, join(user, "node_modules", name));
    const { code, stderr } = qpp(["run", "-p", name, guest("hello")], { cwd: user });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("system calls failed") });
    // What its README shows another plugin to be like.
    const [, example = ""] = /```ts\n(.*?)```/s.exec(readFileSync(join(plugin, "README.md"), "utf8")) ?? [];
    writeFileSync(join(user, "user.ts"), example);
    const args = ["run", "-q", "-p", "./user.ts", "-p", name, guest("json"), "nothing"];
    expect(qpp(args, { cwd: user }).stderr).toMatch(/^openat \w+ 1$/m);
  });
});

describe("qpp new refuses", () => {
  const NAMES = "a plugin's name has small letters and digits";

  it.each([
    ["", NAMES],
    ["My", NAMES],
    ["my plugin", NAMES],
    ["1st", NAMES],
    ["-x-", NAMES],
    ["a--b", NAMES],
    ["../up", NAMES],
    ["a/b", NAMES],
    ["@a/b", NAMES],
    [".", NAMES],
    ["é", NAMES],
    ["a\nb", NAMES],
    ["a".repeat(215), NAMES],
    ["hotblocks", "there is a plugin of that name"],
    ["machine", "there is a plugin of that name"],
  ])("%j, and writes nothing", (name, message) => {
    const folder = folderWith();
    const { code, stdout, stderr } = qpp(["new", "--", name], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(["a folder, also an empty one", "a file"])("to overwrite %s", (what) => {
    const folder = folderWith();
    if (what === "a file") writeFileSync(join(folder, "mine"), "precious");
    else mkdirSync(join(folder, "mine"));
    const { code, stderr } = qpp(["new", "mine"], { cwd: folder });
    expect(code).toBe(125);
    expect(stderr).toBe("qpp: new mine: there is a mine here already; move it away, or take another name\n");
    if (what === "a file") expect(readFileSync(join(folder, "mine"), "utf8")).toBe("precious");
    else expect(readdirSync(join(folder, "mine"))).toEqual([]);
  });

  it("where nothing can be written", () => {
    const { code, stderr } = qpp(["new", "mine"], { cwd: "/proc" });
    expect(code).toBe(125);
    expect(stderr).toMatch(/^qpp: new mine: /);
  });
});
