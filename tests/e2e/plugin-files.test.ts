import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { document, folderWith, guest, qpp } from "./qpp.js";

const PLUGIN = `
import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { flag, takes } from "@qpp/plugins/arguments";
import { osi } from "@qpp/plugins/osi/contract";
import { Observable, scan } from "rxjs";
import { twice } from "./helper.js";

enum Kind { Guest = "guest" }

export default plugin("mine", {
  requires: { machine, osi },
  args: takes({ loud: flag("Say more") }),
  install({ machine, osi, args, log, report }) {
    let calls: number = 0;
    machine.syscalls.entered.pipe(scan((n) => n + 1, 0)).subscribe((n) => { calls = n; });
    if (args.loud) log(Kind.Guest, osi.process().name, machine.syscalls.entered instanceof Observable);
    report(() => ({ twice: twice(calls) }));
  },
});
`;
const HELPER = "export function twice(n: number): number { return 2 * n; }\n";

describe("a plugin from a file", () => {
  it.each([
    ["without a package around it", undefined],
    ["in a package of ES modules", '{ "type": "module" }'],
    ["in a package of CommonJS", '{ "type": "commonjs" }'],
  ])("in TypeScript, %s, shares modules with the command", (_where, manifest) => {
    const folder = folderWith({
      "mine.ts": PLUGIN,
      "helper.ts": HELPER,
      ...(manifest && { "package.json": manifest }),
    });
    const { code, stderr } = qpp(["run", "-q", "-p", "./mine.ts,loud=on", guest("hello")], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "guest hello true\n" });
    const { plugins } = document(["-p", "syscalls", "-p", join(folder, "mine.ts"), guest("hello")]);
    expect(plugins).toMatchObject({ mine: { twice: 2 * (plugins.syscalls as { calls: number }).calls } });
  });

  it("in a folder, where its index stands for it", () => {
    const folder = folderWith();
    mkdirSync(join(folder, "mine"));
    writeFileSync(join(folder, "mine/index.ts"), PLUGIN);
    writeFileSync(join(folder, "mine/helper.ts"), HELPER);
    for (const [cwd, path] of [
      [folder, "./mine"],
      [folder, "./mine/"],
      [join(folder, "mine"), "."],
      [join(folder, "mine"), "../mine"],
    ] as const) {
      const { code, stderr } = qpp(["run", "-q", "-p", `${path},loud=on`, guest("hello")], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "guest hello true\n" });
    }
  });

  it("in JavaScript", () => {
    const source =
      'import { plugin } from "@qpp/core"; export default plugin("js", { install({ log }) { log("here"); } });';
    const folder = folderWith({ "js.mjs": source });
    expect(qpp(["run", "-p", "js.mjs", guest("hello")], { cwd: folder }).stderr).toBe("here\n");
  });
});

describe("a plugin from a package", () => {
  const install = (folder: string, name: string, source: string): void => {
    const home = join(folder, "node_modules", name);
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, "package.json"),
      JSON.stringify({ name, type: "module", exports: "./index.js" }),
    );
    writeFileSync(join(home, "index.js"), source);
  };
  const source =
    'import { plugin } from "@qpp/core"; export default plugin("packed", { install({ log }) { log("here"); } });';

  it.each(["qpp-packed", "@some/qpp-packed"])("%s, found from where the command is run", (name) => {
    const folder = folderWith();
    install(folder, name, source);
    expect(qpp(["run", "-p", name, guest("hello")], { cwd: folder }).stderr).toBe("here\n");
  });

  it("that lacks a package of its own is not said to be missing itself", () => {
    const folder = folderWith();
    install(folder, "broken", 'import "what-it-needs";');
    const { code, stderr } = qpp(["run", "-p", "broken", guest("hello")], { cwd: folder });
    expect(code).toBe(125);
    expect(stderr).toMatch(/^qpp: plugin broken: it cannot be loaded: .*what-it-needs/);
  });
});

describe("qpp plugins", () => {
  it("lists the plugins there are", () => {
    const { code, stdout, stderr } = qpp(["plugins"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^hotblocks {8}Lists the blocks executed most often$/m);
    expect(stdout).toMatch(/^syscalls_logger {2}Prints a line/m);
  });

  it("tells what one takes and offers", () => {
    expect(qpp(["plugins", "hotblocks"]).stdout).toMatch(
      /limit +20 +How many blocks to list, 0 for all of them; a whole/,
    );
    const osi = qpp(["plugins", "osi"]).stdout;
    expect(osi).toMatch(/^osi - Which process/);
    expect(osi).toContain("arguments\n  none\n");
    expect(osi).toContain("requires\n  machine\n");
  });

  it("tells of a file's plugin, too, whatever its schema can tell", () => {
    const schema = '{ "~standard": { version: 1, vendor: "x", validate: (value) => ({ value }) } }';
    const folder = folderWith({
      "x.ts": `import { plugin } from "@qpp/core"; export default plugin("x", { version: "1.2.3", args: ${schema}, install() {} });`,
    });
    const { stdout } = qpp(["plugins", "./x.ts"], { cwd: folder });
    expect(stdout).toContain("x 1.2.3\n");
    expect(stdout).toContain("its schema does not tell");
  });
});
