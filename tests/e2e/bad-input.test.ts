import { readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, guest, qpp } from "./qpp.js";

/** Where the fields of an ELF64 header and of a program header are (ELF gABI). */
const Elf = {
  CLASS: 4,
  DATA: 5,
  TYPE: 16,
  MACHINE: 18,
  PHOFF: 32,
  PHNUM: 56,
  PH_SIZE: 56,
  P_VADDR: 16,
  P_FILESZ: 32,
  P_MEMSZ: 40,
};
const PT_LOAD = 1;
const PT_INTERP = 3;

/** A good program, spoiled. */
function spoiled(spoil: (bytes: Buffer, headers: readonly number[]) => Buffer | undefined): Buffer {
  const bytes = readFileSync(guest("count-loop"));
  const first = Number(bytes.readBigUInt64LE(Elf.PHOFF));
  const headers = Array.from({ length: bytes.readUInt16LE(Elf.PHNUM) }, (_, i) => first + i * Elf.PH_SIZE);
  return spoil(bytes, headers) ?? bytes;
}

function loadHeader(bytes: Buffer, headers: readonly number[]): number {
  const found = headers.find((at) => bytes.readUInt32LE(at) === PT_LOAD);
  if (found === undefined) throw new Error("count-loop has no segment to load");
  return found;
}

/** Runs a command line that must be refused with one message. */
function refused(args: readonly string[], cwd?: string): string {
  const { code, stdout, stderr } = qpp(args, cwd === undefined ? {} : { cwd });
  expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
  expect(stderr.match(/^qpp: /gm)).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain("bug in qpp");
  return stderr;
}

describe("a program that cannot be run", () => {
  it.each<[string, string | Buffer, string]>([
    ["empty", "", "the file is empty"],
    ["a script without its interpreter", "#!/bin/sh\n", "needs /bin/sh"],
    [
      "for another machine",
      spoiled((b) => void b.writeUInt16LE(62, Elf.MACHINE)),
      "x86-64 program; this machine runs riscv64",
    ],
    ["32-bit", spoiled((b) => void b.writeUInt8(1, Elf.CLASS)), "32-bit"],
    ["big-endian", spoiled((b) => void b.writeUInt8(2, Elf.DATA)), "this machine runs riscv64"],
    ["an object file", spoiled((b) => void b.writeUInt16LE(1, Elf.TYPE)), "object file"],
    ["cut in the header", spoiled((b) => b.subarray(0, 40)), "truncated"],
    ["cut in a segment", spoiled((b) => b.subarray(0, 400)), "truncated"],
    [
      "dynamically linked",
      spoiled(
        (b, headers) =>
          void b.writeUInt32LE(PT_INTERP, headers.find((at) => b.readUInt32LE(at) !== PT_LOAD) ?? 0),
      ),
      "the interpreter's path is not",
    ],
    [
      "of absurd size",
      spoiled((b, headers) => void b.writeBigUInt64LE(1n << 62n, loadHeader(b, headers) + Elf.P_MEMSZ)),
      "qpp: ",
    ],
    [
      "with more in the file than in memory",
      spoiled((b, headers) => void b.writeBigUInt64LE(1n << 20n, loadHeader(b, headers) + Elf.P_FILESZ)),
      "qpp: ",
    ],
    [
      "with overlapping segments",
      spoiled((b, headers) => {
        const loads = headers.filter((at) => b.readUInt32LE(at) === PT_LOAD);
        const [first = 0, second = 0] = loads;
        b.writeBigUInt64LE(b.readBigUInt64LE(first + Elf.P_VADDR), second + Elf.P_VADDR);
      }),
      "overlaps or precedes the one before it",
    ],
    ["with headers beyond the end", spoiled((b) => void b.writeBigUInt64LE(1n << 40n, Elf.PHOFF)), "qpp: "],
  ])("%s", (_what, bytes, message) => {
    const folder = folderWith({ program: bytes });
    expect(refused(["run", "program"], folder)).toContain(message);
  });

  it("not there, a folder, no regular file, a link to itself", () => {
    const folder = folderWith();
    symlinkSync("loop", join(folder, "loop"));
    expect(refused(["run", "nothing"], folder)).toBe("qpp: nothing: no such file or directory\n");
    expect(refused(["run", "."], folder)).toBe("qpp: .: it is a directory; give a program\n");
    expect(refused(["run", "/dev/null"], folder)).toBe(
      "qpp: /dev/null: it is not a regular file; give a program\n",
    );
    expect(refused(["run", "loop"], folder)).toBe("qpp: loop: too many symbolic links\n");
  });

  it("too big, without reading it", () => {
    const folder = folderWith({ program: "" });
    truncateSync(join(folder, "program"), 2 ** 40);
    expect(refused(["run", "program"], folder)).toContain("a program of more than 1 GiB cannot be run");
  });
});

describe("a command line that makes no sense", () => {
  it.each([
    [[], "Usage: qpp"],
    [["rum"], "unknown command 'rum'"],
    [["run"], "missing required argument 'program'"],
    [["run", "--jsn", "x", "p"], "unknown option '--jsn'\n(Did you mean --json?)"],
    [["run", "--seed", "-1", "p"], "a whole number from 0 to 4294967295"],
    [["run", "--seed", "1.5", "p"], "a whole number from 0 to 4294967295"],
    [["run", "--max-insns", "0", "p"], "a whole number from 1 to"],
    [["run", "--max-memory", "0", "p"], "a number of bytes from 1, as 268435456, 256M or 2G"],
    [["run", "--max-output", "5T", "p"], "a number of bytes from 1, as 268435456, 256M or 2G"],
    [["run", "--max-memory", "64K", guest("hello")], "raise it with --max-memory"],
    [["run", "--max-processes", "129", "p"], "a whole number from 1 to 128"],
    [["run", "--clock", "wall", "p"], "Allowed choices are virtual, host"],
    [["run", "--on-fault", "ignore", "p"], "uninstall, abort, report"],
    [["run", "--env", "=x", "p"], "KEY=VALUE"],
    [["run", "--allow-read", "a,,b", "p"], "A path in it is empty"],
    [["plugins", "insnn"], 'did you mean "insn"?'],
  ])("qpp %s", (args, message) => {
    const { code, stdout, stderr } = qpp(args);
    expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
    expect(stderr).toContain(message);
  });
});

const CORE = 'import { callback, contract, fn, plugin } from "@qpp/core";\n';
const MACHINE = 'import { machine } from "@qpp/emulator/contract";\n';

describe("a plugin that cannot be loaded", () => {
  const hello = guest("hello");

  it.each([
    ["insnn", 'there is no plugin "insnn"', 'did you mean "insn"?'],
    ["machine", 'the plugin "machine" is always loaded', "leave it out"],
    ["no-such-package", 'there is no plugin "no-such-package"', "`qpp plugins` lists"],
    ["../outside", "plugin ../outside: no such file", ""],
    ["./x.ts", "plugin ./x.ts: no such file or directory", ""],
    [",inline=on", "the plugin's name is missing", ""],
    ["insn,inline", '"inline" is no argument; write key=value', ""],
    ["insn,=on", '"=on" is no argument', ""],
    [
      "insn,inlin=on",
      'argument "inlin": unknown; did you mean "inline"?',
      "the plugin takes inline, sizes, match, trace",
    ],
    ["insn,inline=maybe", 'argument "inline": "maybe" is no value for it', "on, true, yes, off, false or no"],
    ["insn,inline=on,inline=off", '"on,off" is no value', ""],
    ["hotblocks,limit=-1", "a whole number from 0 to", ""],
    ["osi,x=1", "this plugin takes no arguments", ""],
  ])("-p %s", (spec, message, advice) => {
    const text = refused(["run", "-p", spec, hello]);
    expect(text).toContain(message);
    expect(text).toContain(advice);
  });

  it.each([
    ["that does not compile", "export default const;", "plugin ./p.ts: it does not compile:"],
    ["that is no module of its own", 'import "./missing.js";', "plugin ./p.ts: it cannot be loaded:"],
    [
      "that asks core for what it has not",
      'import { nothing } from "@qpp/core"; nothing();',
      "does not provide an export named 'nothing'",
    ],
    ["that throws when it is loaded", 'throw new Error("at load");', "it cannot be loaded: at load"],
    ["without a default export", "export const x = 1;", "it has no default export; a plugin is"],
    [
      "whose default export is no plugin",
      "export default { name: 'x', install() {} };",
      "its default export is something else",
    ],
    [
      "that throws while installing",
      `${CORE}export default plugin("p", { install() { throw new TypeError("in install"); } });`,
      'plugin "p" could not be installed: TypeError: in install',
    ],
    [
      "that requires what there is not",
      `${CORE}export default plugin("p", { requires: { x: contract("hotblock") }, install() {} });`,
      'plugin "p" requires "hotblock", which is not loaded (p -> hotblock); load it with -p hotblock; did you mean "hotblocks"?',
    ],
    [
      "that requires a function that its owner has not",
      `${CORE}const osi = contract("osi", { functions: { nothing: fn<() => void>() } });
       export default plugin("p", { requires: { osi }, install() {} });`,
      '"osi"',
    ],
    [
      "of the name of another one",
      `${CORE}export default plugin("insn", { install() {} });`,
      'a plugin named "insn" is already loaded or requested',
    ],
  ])("a file %s", (_what, source, message) => {
    const folder = folderWith({ "p.ts": source });
    expect(refused(["run", "-p", "insn", "-p", "./p.ts", hello], folder)).toContain(message);
  });

  it("twice", () => {
    expect(refused(["run", "-p", "insn", "-p", "insn", hello])).toContain("names are unique");
  });

  it("two files of one name", () => {
    const source = `${CORE}export default plugin("same", { install() {} });`;
    const folder = folderWith({ "a.ts": source, "b.ts": source });
    const text = refused(["run", "-p", "./a.ts", "-p", "./b.ts", hello], folder);
    expect(text).toContain('a plugin named "same" is already loaded or requested');
  });

  it("files that require each other, told once", () => {
    const file = (name: string, other: string): string =>
      `${CORE}export default plugin(contract("${name}"), { requires: { x: contract("${other}") }, install() {} });`;
    const folder = folderWith({ "a.ts": file("a", "b"), "b.ts": file("b", "a") });
    expect(refused(["run", "-p", "./a.ts", "-p", "./b.ts", hello], folder)).toContain("a -> b -> a");
  });

  it("a folder that has none", () => {
    expect(refused(["run", "-p", "./guests", hello])).toContain(
      "plugin ./guests: there is none of index.ts, index.mts, index.js, index.mjs in that folder",
    );
  });
});

describe("a plugin that fails while the guest runs", () => {
  const failing = (body: string): string => `${CORE}${MACHINE}
    export default plugin("p", { requires: { machine }, install({ machine, report, summary }) { ${body} } });`;

  it.each([
    [
      "in a callback",
      'machine.exited.register(() => { throw new Error("oops"); });',
      'callback "machine.exited"',
    ],
    [
      "in a direct lane",
      'machine.blocks.executed.register(() => { throw new Error("oops"); });',
      "machine.blocks.executed",
    ],
    [
      "in a batch lane",
      'machine.memory.accessed.batch(() => { throw new Error("oops"); });',
      "machine.memory.accessed",
    ],
    [
      "in an Rx lane",
      'machine.syscalls.entered.subscribe(() => { throw new Error("oops"); });',
      "machine.syscalls.entered",
    ],
    [
      "in a selection",
      'machine.blocks.where(() => { throw new Error("oops"); }).executed.count();',
      "machine.blocks",
    ],
    ["in its report", 'report(() => { throw new Error("oops"); });', "report"],
    ["in its summary", 'summary(() => { throw new Error("oops"); });', "summary"],
    ["in a result that JSON cannot carry", "report(() => 5n);", "report: JSON cannot carry its result"],
  ])("%s: the guest and the others go on; one message; 125", (_where, body, where) => {
    const folder = folderWith({ "p.ts": failing(body) });
    const args = ["run", "--json", "results.json", "-p", "./p.ts", "-p", "insn", guest("hello")];
    const { code, stdout, stderr } = qpp(args, { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 125, stdout: "Hello from RISC-V!\n" });
    expect(stderr.match(/^qpp: .*$/gm)).toEqual([expect.stringContaining(`plugin "p" failed in `)]);
    expect(stderr).toContain(where);
    const document = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
    expect(document.plugins.insn.insns).toBeGreaterThan(1000);
    const late = where.startsWith("report: JSON");
    expect(document.faults).toEqual([
      expect.objectContaining({ plugin: "p", at: late ? null : expect.any(Number) }),
    ]);
  });

  it("outside of every callback, in a timer: the guest goes on; one message; 125", () => {
    const folder = folderWith({
      "p.ts": failing('setInterval(() => { throw new Error("oops"); }, 1); Promise.reject(new Error("no"));'),
    });
    const { code, stdout, stderr } = qpp(["run", "-p", "./p.ts", guest("fib"), "32"], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 125, stdout: "fib(32) = 2178309\n" });
    expect(stderr.trimEnd().split("\n").sort()).toEqual([
      "qpp: an error outside of every callback: no",
      "qpp: an error outside of every callback: oops",
    ]);
  });

  it("ends the run with --on-fault abort, and only tells with report", () => {
    const body = 'machine.syscalls.entered.register(() => { throw new Error("oops"); });';
    const folder = folderWith({ "p.ts": failing(body) });
    const args = (policy: string): string[] => ["run", "--on-fault", policy, "-p", "./p.ts", guest("hello")];
    const aborted = qpp(args("abort"), { cwd: folder });
    expect(aborted).toMatchObject({ code: 125, stdout: "" });
    const reported = qpp(args("report"), { cwd: folder });
    expect(reported).toMatchObject({ code: 0, stdout: "Hello from RISC-V!\n" });
    expect(reported.stderr.match(/oops/g)).toHaveLength(1);
    expect(reported.stderr).toMatch(/machine\.syscalls\.entered: \d+ faults, the first was shown/);
  });
});

describe("results that cannot be written", () => {
  it("are told before the guest runs, where that can be known", () => {
    const folder = folderWith();
    const text = refused(["run", "--json", "no/such/folder.json", guest("hello")], folder);
    expect(text).toBe(
      "qpp: --json no/such/folder.json: the results cannot be written: no such file or directory\n",
    );
    expect(refused(["run", "--json", ".", guest("hello")], folder)).toContain("it is a directory");
  });

  it("are told after it, when the device is full", () => {
    const { code, stdout, stderr } = qpp(["run", "--json", "/dev/full", guest("hello")]);
    expect({ code, stdout }).toEqual({ code: 125, stdout: "Hello from RISC-V!\n" });
    expect(stderr).toContain("the results cannot be written: no space left on the device");
  });

  it("leave what was in the file when there are none", () => {
    const folder = folderWith({ "old.json": "old", "bad.ts": "export default 1" });
    refused(["run", "--json", "old.json", "-p", "./bad.ts", guest("hello")], folder);
    expect(readFileSync(join(folder, "old.json"), "utf8")).toBe("old");
    writeFileSync(join(folder, "old.json"), "x".repeat(100_000));
    expect(qpp(["run", "--json", "old.json", guest("hello")], { cwd: folder }).code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "old.json"), "utf8"))).toMatchObject({ schema: 1 });
  });
});
