import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  A0,
  A1,
  assemble,
  DATA,
  exit,
  label,
  li,
  op,
  programFile,
  S0,
  S1,
  syscall,
  T0,
  TEXT,
  to,
} from "../emulator/machine/assemble.js";
import { command, document, folderWith, guest } from "./qpp.js";

const SIGCHLD = 17;

interface State {
  readonly block: { readonly pc: number; readonly insns: number } | null;
  readonly end: Record<string, unknown> | null;
  readonly insns: number;
  readonly last: string | null;
}

interface Result {
  readonly blocks: number;
  readonly differing: number;
  readonly apart: boolean;
  readonly broken: string | null;
  readonly otherEnd: Record<string, unknown> | null;
  readonly divergence: {
    readonly index: number;
    readonly here: State;
    readonly there: State;
    readonly registers: readonly Record<string, string>[];
  } | null;
}

interface Side {
  readonly args: readonly string[];
  readonly plugin?: string;
  readonly input?: string;
}

/** Starts a side; what it leaves behind is there when it has ended. */
function start(folder: string, name: string, { args, plugin = "", input = "" }: Side) {
  const json = join(folder, `${name}.json`);
  const child = spawn(
    process.execPath,
    [command, "run", "--json", json, "-p", `lockstep,sockpath=socket${plugin}`, ...args],
    { cwd: folder, stdio: ["pipe", "ignore", "pipe"] },
  );
  child.stdin?.end(input);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close").then(([code]) => {
    const plugins = code !== null && existsSync(json) ? JSON.parse(readFileSync(json, "utf8")).plugins : {};
    return { code: code as number | null, stderr, result: plugins.lockstep as Result };
  });
  return { child, ended };
}

/** Runs two sides to their ends. */
async function both(folder: string, a: Side, b: Side) {
  const first = start(folder, "a", a);
  const second = start(folder, "b", b);
  return { a: await first.ended, b: await second.ended };
}

/** Sums 1000 down to 1, then reads a byte and goes one way for `a`, and another for all else. */
const ITEMS = [
  ...li(S0, 1000),
  label("loop"),
  op("add", { rd: S1, rs1: S1, rs2: S0 }),
  op("addi", { rd: S0, rs1: S0, imm: -1 }),
  to("loop", "bne", { rs1: S0, rs2: 0 }),
  ...syscall("read", 0, DATA, 1),
  ...li(A1, DATA),
  op("lbu", { rd: A0, rs1: A1, imm: 0 }),
  ...li(T0, 0x61),
  label("branch"),
  to("other", "bne", { rs1: A0, rs2: T0 }),
  label("same"),
  ...li(S0, 0),
  ...exit(0),
  label("other"),
  ...li(S0, 7),
  ...exit(0),
];
const { bytes, labels } = assemble(ITEMS);
const at = (name: string): number => labels.get(name) ?? 0;
/** Blocks before the one that differs: up to the loop's end 1000 times, the system call, the branch. */
const BEFORE = 1000 + 1 + 1;

function folderWithReader(): string {
  const folder = folderWith({ reader: programFile(bytes) });
  chmodSync(join(folder, "reader"), 0o755);
  return folder;
}

describe("two runs that are the same", () => {
  it.each([
    ["", []],
    [",registers=off", []],
    [",registers=on", ["--no-translate"]],
  ] as const)("have no divergence%s %s", async (plugin, options) => {
    const args = [guest("fib"), "16"];
    const witness = document(["-p", "bb", ...args]).plugins.bb as { blocks: number };
    const sides = await both(folderWith(), { args, plugin }, { args: [...options, ...args], plugin });
    for (const { code, stderr, result } of Object.values(sides)) {
      expect(stderr).toContain(`no divergence after ${witness.blocks} blocks`);
      expect({ code, result }).toMatchObject({
        code: 0,
        result: { blocks: witness.blocks, differing: 0, divergence: null, broken: null },
      });
    }
  });

  it("even if they are of several processes at once: translated and interpreted", async () => {
    const busy = (name: string) => [
      ...li(S0, 30_000),
      label(name),
      op("addi", { rd: S0, rs1: S0, imm: -1 }),
      to(name, "bne", { rs1: S0, rs2: 0 }),
    ];
    const family = assemble([
      ...syscall("clone", SIGCHLD, 0, 0, 0, 0),
      ...busy("loop"),
      ...syscall("wait4", -1, 0, 0, 0),
      ...exit(0),
    ]);
    const folder = folderWith({ family: programFile(family.bytes) });
    chmodSync(join(folder, "family"), 0o755);
    const args = ["./family"];
    const plugin = ",registers=on";
    const sides = await both(folder, { args, plugin }, { args: ["--no-translate", ...args], plugin });
    expect(sides.a.result).toMatchObject({ differing: 0, divergence: null, broken: null });
    expect(sides.a.result.blocks).toBeGreaterThan(60_000);
    expect(sides.b.result.blocks).toBe(sides.a.result.blocks);
  });
});

describe("two runs that read different input", () => {
  it.each([["", "show"] as const, [",registers=off", "off"] as const])(
    "part behind the branch that depends on it%s",
    async (plugin, registers) => {
      const args = ["./reader"];
      const folder = folderWithReader();
      const { a, b } = await both(folder, { args, plugin, input: "a" }, { args, plugin, input: "b" });
      const branch = `${at("branch").toString(16)}: bne a0,t0,0x${at("other").toString(16)}`;
      const insns = (at("same") - TEXT) / 4 + 999 * 3;
      expect(a.result.divergence).toMatchObject({
        index: BEFORE,
        here: { block: { pc: at("same") }, insns, last: branch },
        there: { block: { pc: at("other") }, insns, last: branch },
        registers: registers === "show" ? [{ name: "a0", here: "0x61", there: "0x62" }] : [],
      });
      expect(b.result.divergence).toMatchObject({
        index: BEFORE,
        here: a.result.divergence?.there,
        there: a.result.divergence?.here,
      });
      expect(a.stderr).toContain(`the two differ at block ${BEFORE}`);
    },
  );

  it("differ where the byte is first in a register, with registers=on", async () => {
    const args = ["./reader"];
    const plugin = ",registers=on,verbose=on";
    const { a } = await both(folderWithReader(), { args, plugin, input: "a" }, { args, plugin, input: "b" });
    // The block behind the system call loads it and branches: the next one's registers are the first that differ.
    expect(a.result.divergence).toMatchObject({ index: BEFORE });
    expect(a.stderr).toContain(
      `@ 0x${at("same").toString(16)} vs 0x${at("other").toString(16)} (1/${BEFORE} since last)`,
    );
  });

  it("part where one of them ends", async () => {
    const [a, b] = ["3", "4"].map((code) => ({ args: [guest("exit-code"), code] }));
    if (a === undefined || b === undefined) return;
    const sides = await both(folderWith(), a, b);
    expect(sides.a.code).toBe(3);
    expect(sides.a.result.divergence).toMatchObject({
      here: { block: null, end: { code: 3 } },
      there: { block: null, end: { code: 4 } },
    });
    expect(sides.b.result.divergence).toMatchObject({ here: { end: { code: 4 } } });
  });

  it("do not part where one of them is stopped", async () => {
    const args = [guest("fib"), "20"];
    const sides = await both(folderWith(), { args: ["--max-insns", "20000", ...args] }, { args });
    expect(sides.a.result).toMatchObject({ divergence: null, broken: null });
    expect(sides.b.result).toMatchObject({ divergence: null, otherEnd: { stopped: "max-insns" } });
    expect(sides.b.stderr).toContain("the other side was stopped (max-insns)");
  });
});

describe("another side", () => {
  it("that does not come is waited for as long as told", async () => {
    const folder = folderWith();
    const { code, stderr } = await start(folder, "a", { args: [guest("hello")], plugin: ",timeout=1" }).ended;
    expect(code).toBe(125);
    expect(stderr).toContain("sockpath=socket: the other side has not come within 1 s");
    expect(existsSync(join(folder, "socket"))).toBe(false);
  });

  it("that compares something else is refused by both", async () => {
    const args = [guest("hello")];
    const { a, b } = await both(folderWith(), { args }, { args, plugin: ",registers=off" });
    expect([a.code, b.code]).toEqual([125, 125]);
    expect(a.stderr).toContain(
      "the other side has registers=off, this one registers=show: give both the same",
    );
  });

  it("that is killed is told of", async () => {
    const folder = folderWith();
    const args = [guest("fib"), "40"];
    const first = start(folder, "a", { args, plugin: ",registers=off" });
    const socket = join(folder, "socket");
    while (!existsSync(socket)) await sleep(20);
    const second = start(folder, "b", {
      args: ["--max-insns", "300000000", ...args],
      plugin: ",registers=off",
    });
    // It goes when both are there.
    while (existsSync(socket)) await sleep(20);
    await sleep(200);
    first.child.kill("SIGKILL");
    const { code, stderr } = await second.ended;
    expect(stderr).toMatch(/the other side has gone after \d+ blocks without having ended: was it killed\?/);
    expect(code).toBe(125);
  });

  it("has a path of its own: another file there is left alone", async () => {
    const folder = folderWith();
    writeFileSync(join(folder, "socket"), "precious");
    const { code, stderr } = await start(folder, "a", { args: [guest("hello")] }).ended;
    expect(code).toBe(125);
    expect(stderr).toContain("sockpath=socket: nobody listens there any more");
    expect(readFileSync(join(folder, "socket"), "utf8")).toBe("precious");
  });

  it("need not be waited for: Ctrl-C ends the wait, and the results so far are reported", async () => {
    const folder = folderWith();
    const { child, ended } = start(folder, "a", { args: [guest("fib"), "40"] });
    while (!existsSync(join(folder, "socket"))) await sleep(50);
    await sleep(300);
    child.kill("SIGINT");
    const { code, stderr, result } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain("qpp: SIGINT: the guest is stopped; these are the results so far");
    expect(result).toMatchObject({ blocks: 0, broken: "Ctrl-C ended the wait for the other side" });
    expect(existsSync(join(folder, "socket"))).toBe(false);
  });
});
