import { describe, expect, it } from "vitest";
import { folderWith, guest, qpp } from "./qpp.js";

const CORE = 'import { callback, contract, fn, plugin } from "@qpp/core";\n';
const needing = (name: string, ...requires: readonly string[]): string =>
  `${CORE}export default plugin("${name}", {
    requires: { ${requires.map((each) => `${each}: contract("${each}")`).join(", ")} }, install() {} });`;

describe("qpp wiring", () => {
  it("shows who offers what to whom, by plugin and lane, without a guest", () => {
    const source = `${CORE}
      import { osi } from "@qpp/plugins/osi/contract";
      import { machine } from "@qpp/emulator/contract";
      import { map } from "rxjs";
      export default plugin("mine", {
        version: "1.0.0",
        requires: { machine, osi },
        optional: { other: contract("other") },
        install({ machine, osi }) {
          machine.blocks.executed.count();
          machine.blocks.executed.countBy((block) => block.pc);
          machine.memory.accessed.batch(() => {});
          machine.syscalls.returned.register(() => {});
          machine.syscalls.returned.subscribe();
          machine.syscalls.filter(() => undefined);
          machine.instructions.executed.register(() => {}).unsubscribe();
          osi.processChanged.register(() => {});
          osi.processChanged.pipe(map(([now]) => now.pid)).subscribe();
        },
      });`;
    const folder = folderWith({ "mine.ts": source });
    const wiring = (...args: string[]): string => {
      const { code, stdout, stderr } = qpp(["wiring", "-p", "./mine.ts", ...args], { cwd: folder });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout;
    };
    const text = wiring();
    expect(text).toContain("\nmine 1.0.0\n  requires   machine, osi, other (optional, not there)\n");
    expect(text).toContain(
      "  watches    machine.blocks.executed (2 inline), machine.memory.accessed (1 batch), " +
        "machine.syscalls.returned (1 direct, 1 Rx), machine.syscalls (1 filter)\n",
    );
    expect(text).toMatch(/processChanged +2 of 256 +mine \(1 direct, 1 Rx\)/);
    expect(text).toMatch(/^machine - .*\n {2}used by {4}osi, mine\n/);
    const mermaid = wiring("--format", "mermaid");
    expect(mermaid).toMatch(/^flowchart LR\n {2}p0\["machine</);
    expect(mermaid).toMatch(/ p1 -->\|"processChanged \(1 direct, 1 Rx\)"\| p2\n/);
    expect(mermaid).toMatch(/ p3\("other"\)\n/);
    const { plugins, problems } = JSON.parse(wiring("--format", "json"));
    expect(problems).toEqual([]);
    expect(plugins.map(({ name }: { name: string }) => name)).toEqual(["machine", "osi", "mine"]);
    expect(plugins[1].callbacks).toEqual([
      { name: "processChanged", capacity: 256, size: 2, subscribers: [{ plugin: "mine", direct: 1, rx: 1 }] },
      { name: "processEnded", capacity: 256, size: 0, subscribers: [] },
    ]);
  });

  it("loads plugins for a program, which is not run", () => {
    const source = `import { plugin } from "@qpp/core";
      import { machine } from "@qpp/emulator/contract";
      export default plugin("asks", { requires: { machine },
        install({ machine, log }) { log(machine.program.path, machine.executed()); } });`;
    const folder = folderWith({ "asks.ts": source });
    const { code, stdout, stderr } = qpp(["wiring", "-p", "./asks.ts", guest("hello")], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${guest("hello")} 0\n` });
    expect(stdout).not.toContain("hello");
    expect(qpp(["wiring", "nothing"], { cwd: folder })).toEqual({
      code: 125,
      stdout: "",
      stderr: "qpp: nothing: no such file or directory\n",
    });
  });

  it("--check says that all is well", () => {
    expect(qpp(["wiring", "--check", "-p", "syscalls_logger"])).toEqual({
      code: 0,
      stdout: "4 plugins can be loaded\n",
      stderr: "",
    });
  });

  it("--check says all that is wrong at once, and nothing else", () => {
    const folder = folderWith({
      "broken.ts": "export default const;",
      "a.ts": needing("a", "b", "missing1", "missing2"),
      "b.ts": needing("b", "a"),
      "top.ts": needing("top", "b"),
      "thrower.ts": `${CORE}export default plugin("thrower", { install() { throw new Error("no"); } });`,
    });
    const files = ["broken", "a", "b", "top", "thrower", "absent"].flatMap((name) => ["-p", `./${name}.ts`]);
    const args = [...files, "-p", "insnn", "-p", "bb,bad", "-p", "hotblocks,limit=x", "-p", "mem,nonsense=1"];
    const { code, stdout, stderr } = qpp(["wiring", "--check", ...args], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
    const wrong = [
      "plugin ./broken.ts: it does not compile",
      "plugin ./absent.ts: no such file",
      'there is no plugin "insnn"',
      '-p bb,bad: "bad" is no argument',
      'plugin "a" requires "missing1", which is not loaded (top -> b -> a -> missing1)',
      'plugin "a" requires "missing2"',
      "a -> b -> a",
      'plugin "hotblocks": argument "limit"',
      'plugin "mem": argument "nonsense"',
      'plugin "thrower" could not be installed: Error: no',
    ];
    for (const each of wrong) expect(stderr.split(each)).toHaveLength(2);
    expect(stderr.match(/^qpp: /gm)).toHaveLength(wrong.length);
    // So does a run, before the guest.
    expect(qpp(["run", ...args, guest("hello")], { cwd: folder })).toEqual({ code: 125, stdout: "", stderr });
  });

  it("shows what can be loaded beside what is wrong", () => {
    const { code, stdout, stderr } = qpp(["wiring", "--format", "json", "-p", "bb", "-p", "mem,x=1"]);
    expect(code).toBe(125);
    expect(stderr).toMatch(/^qpp: plugin "mem": argument "x": unknown/);
    const { plugins, problems } = JSON.parse(stdout);
    expect(plugins.map(({ name }: { name: string }) => name)).toEqual(["machine", "bb"]);
    expect(`qpp: ${problems.join("\n")}\n`).toBe(stderr);
  });

  it("refuses a format that there is not", () => {
    const { code, stderr } = qpp(["wiring", "--format", "dot"]);
    expect(code).toBe(125);
    expect(stderr).toContain("text, mermaid, json");
  });
});
