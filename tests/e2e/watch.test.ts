import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { peer } from "../peers.js";
import { command, folderWith, guest } from "./qpp.js";

const PLUGIN = `import { plugin } from "@qpp/core";
  import { machine } from "@qpp/emulator/contract";
  import { word } from "./helper.js";
  export default plugin("mine", { requires: { machine }, install({ machine, summary }) {
    const insns = machine.instructions.executed.count();
    summary(() => word + " " + insns.value);
  } });`;
const helper = (word: string): string => `export const word = "${word}";`;

/** What a command that goes on says, bit by bit. */
interface Watching {
  readonly child: ChildProcess;
  /** What was said since the last time, once it has this in it. */
  until(text: string): Promise<string>;
  end(signal: NodeJS.Signals): Promise<unknown>;
}

function start(program: string, args: readonly string[], cwd?: string): Watching {
  const child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  let heard = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      heard();
    });
  }
  return {
    child,
    async until(text) {
      while (!said.includes(text)) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
      const all = said;
      said = "";
      return all;
    },
    end: (signal) => {
      const closed = once(child, "close");
      child.kill(signal);
      return closed;
    },
  };
}

const watch = (folder: string, ...args: readonly string[]): Watching =>
  start(process.execPath, [command, "run", "--watch", ...args], folder);

const WAITING = "Ctrl-C ends it\n";

describe("qpp run --watch", () => {
  it("runs the guest again when a plugin, or what it imports, changes", async () => {
    const folder = folderWith({ "mine.ts": PLUGIN, "helper.ts": helper("one"), "other.ts": "" });
    const { until, end } = watch(folder, "-p", "./mine.ts", guest("count-loop"));
    const first = await until(WAITING);
    expect(first).toContain("one 76196\n");
    expect(first).toContain("qpp: watching 2 files; ");
    writeFileSync(join(folder, "other.ts"), "this is none of its files");
    writeFileSync(join(folder, "helper.ts"), helper("two"));
    const second = await until(WAITING);
    expect(second).toContain("qpp: helper.ts changed\n");
    // The runs are deterministic: what has changed is due to the change.
    expect(second).toContain("two 76196\n");
    // As many editors save.
    writeFileSync(join(folder, "mine.ts~"), PLUGIN.replace('" "', '" is the word; "'));
    renameSync(join(folder, "mine.ts~"), join(folder, "mine.ts"));
    const third = await until(WAITING);
    expect(third).toContain("qpp: mine.ts changed\n");
    expect(third).toContain("two is the word; 76196\n");
    expect(first + second + third).not.toContain("\x1b");
    expect(await end("SIGINT")).toEqual([130, null]);
  });

  it("goes on where a plugin does not compile, lacks a file or is gone", async () => {
    const folder = folderWith();
    mkdirSync(join(folder, "mine"));
    const file = (name: string): string => join(folder, "mine", name);
    const { until, end } = watch(folder, "-p", "./mine", guest("count-loop"));
    expect(await until(WAITING)).toContain("plugin ./mine: there is none of index.ts");
    writeFileSync(file("index.ts"), PLUGIN);
    expect(await until(WAITING)).toMatch(/plugin \.\/mine: it cannot be loaded: .*helper/);
    writeFileSync(file("helper.ts"), "export const");
    expect(await until(WAITING)).toContain("plugin ./mine: it does not compile");
    writeFileSync(file("helper.ts"), helper("mended"));
    expect(await until(WAITING)).toContain("mended 76196\n");
    rmSync(file("helper.ts"));
    expect(await until(WAITING)).toMatch(/plugin \.\/mine: it cannot be loaded: .*helper/);
    expect(await end("SIGTERM")).toEqual([143, null]);
  });

  it("gives up a run that is not over", async () => {
    const source = (word: string, loop: string): string => `import { plugin } from "@qpp/core";
      export default plugin("mine", { install({ log }) { log("${word}"); ${loop} } });`;
    const folder = folderWith({ "mine.ts": source("stuck", "for (;;);") });
    const { until, end } = watch(folder, "-p", "./mine.ts", guest("hello"));
    await until("stuck\n");
    writeFileSync(join(folder, "mine.ts"), source("free", ""));
    expect(await until(WAITING)).toContain("free\n");
    expect(await end("SIGINT")).toEqual([130, null]);
  });

  it("ends a guest that runs with the signal that ends it, which reports what there is so far", async () => {
    const folder = folderWith({ "mine.ts": PLUGIN, "helper.ts": helper("so far") });
    const { child, until } = watch(folder, "--progress", "-p", "./mine.ts", guest("fib"), "50");
    await until("million/s");
    child.kill("SIGINT");
    expect(await until("the guest was stopped (interrupted);")).toMatch(/so far \d+\n/);
    expect(await once(child, "close")).toEqual([130, null]);
  });

  it("gives the guest no input, and hands its arguments on, also one that is called as the option", async () => {
    const folder = folderWith({ "mine.ts": PLUGIN, "helper.ts": helper("read") });
    const { child, until, end } = watch(folder, "-p", "./mine.ts", guest("stdin-cat"), "--watch");
    child.stdin?.write("not for the guest\n");
    expect(await until(WAITING)).not.toContain("not for the guest");
    expect(await end("SIGINT")).toEqual([130, null]);
  });

  it("ends at once where nothing can change", async () => {
    const { child, until } = watch(folderWith(), "-p", "insn", guest("hello"));
    expect(await until("nothing to watch")).toContain("total insns");
    expect(await once(child, "close")).toEqual([125, null]);
  });
});

describe.skipIf(!peer("script"))("qpp run --watch on a terminal (needs script)", () => {
  it("clears the screen for each run but the first, and ends with Ctrl-C", async () => {
    const folder = folderWith({ "mine.ts": PLUGIN, "helper.ts": helper("one") });
    const line = `'${process.execPath}' '${command}' run --watch -p ./mine.ts '${guest("count-loop")}'`;
    const { child, until } = start("script", ["-qec", line, "/dev/null"], folder);
    const clear = "\x1b[2J\x1b[3J\x1b[H";
    expect(await until("Ctrl-C ends it\r\n")).not.toContain(clear);
    writeFileSync(join(folder, "helper.ts"), helper("two"));
    const second = await until("Ctrl-C ends it\r\n");
    expect(second.startsWith(`${clear}qpp: helper.ts changed\r\n`)).toBe(true);
    expect(second).toContain("two 76196\r\n");
    const closed = once(child, "close");
    child.stdin?.write("\x03");
    expect(await closed).toEqual([130, null]);
  });
});
