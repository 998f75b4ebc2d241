import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { document, folderWith, guest, qpp, root } from "./qpp.js";

interface Case {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

const SIGNALS: Readonly<Record<string, number>> = { SIGILL: 4, SIGABRT: 6, SIGSEGV: 11, SIGTERM: 15 };
const recorded: { cases: Case[] } = JSON.parse(readFileSync(join(root, "guests/expected.json"), "utf8"));
const caseOf = (program: string): Case => {
  const found = recorded.cases.find((each) => each.program === program);
  if (found === undefined) throw new Error(`guests/expected.json has no ${program}`);
  return found;
};

describe("qpp run", () => {
  it("gives the guest what comes after PROGRAM, and nothing else", () => {
    const { code, stdout, stderr } = qpp([
      "run",
      guest("hello"),
      "-p",
      "insn",
      "--json",
      "-",
      "--",
      "two words",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      "Hello from RISC-V!\nargument 1: -p\nargument 2: insn\nargument 3: --json\nargument 4: -\nargument 5: --\nargument 6: two words\n",
    );
  });

  it.each(["segv", "illegal", "abort"])(
    "ends as %s does: 128 + signal, with a report on stderr",
    (program) => {
      const { stdout, signal } = caseOf(program);
      const ended = qpp(["run", guest(program)]);
      expect(ended).toMatchObject({ code: 128 + (SIGNALS[signal ?? ""] ?? Number.NaN), stdout });
      expect(ended.stderr).toContain(`qpp: the guest was ended by ${signal}\n`);
      expect(ended.stderr).toContain(`qpp: ${signal} at pc 0x`);
      expect(ended.stderr.includes("    ra ")).toBe(signal !== "SIGABRT");
      expect(document([guest(program)]).guest).toEqual({
        path: guest(program),
        args: [],
        exitCode: null,
        signal,
      });
    },
  );

  it("has the guest's exit code", () => {
    expect(qpp(["run", guest("exit-code"), "42"]).code).toBe(42);
    expect(document([guest("exit-code"), "42"]).guest).toMatchObject({ exitCode: 42, signal: null });
  });

  it("passes standard input on, byte by byte", () => {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7) & 0x7f));
    expect(qpp(["run", guest("stdin-cat")], { input: bytes }).stdout).toBe(bytes.toString());
  });

  it("prints tables on stderr, none with --quiet, and the guest's output untouched on stdout", () => {
    const loud = qpp(["run", "-p", "insn", "-p", "hotblocks,limit=2", guest("count-calls")]);
    expect(loud).toMatchObject({ code: 0, stdout: qpp(["run", guest("count-calls")]).stdout });
    expect(loud.stderr).toMatch(/^\ninsn\n {2}total insns: 25201\n\nhotblocks|^\nhotblocks/);
    expect(loud.stderr).toContain("total insns: 25201");
    expect(loud.stderr).toMatch(/the guest ended with exit code 0; 25201 instructions in /);
    const quiet = qpp(["run", "-q", "-p", "insn", guest("count-calls")]);
    expect(quiet).toMatchObject({ code: 0, stderr: "" });
  });

  it("shows progress lines where there is no terminal, if told to", () => {
    const { stderr } = qpp(["run", "--progress", guest("fib"), "33"]);
    expect(stderr).toMatch(/^(\d+(\.\d)? million instructions, \d+\.\d s, \d+(\.\d)? million\/s\n)+$/);
  });

  it("stops after exactly --max-insns", () => {
    const { guest: how, machine, plugins } = document(["--max-insns", "1000", "-p", "insn", guest("fib")]);
    expect(machine.insns).toBe(1000);
    expect(plugins).toEqual({ insn: { insns: 1000 } });
    expect(how).toMatchObject({ exitCode: null, signal: null, stopped: "max-insns" });
  });

  it("opens to the guest the files that it was given, and no others", () => {
    const data = join(root, "guests/data/stations.json");
    const denied = qpp(["run", guest("json"), data]);
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain("--allow-read");
    expect(qpp(["run", "--allow-read", `/nowhere,${data}`, guest("json"), data]).code).toBe(0);
    const folder = folderWith();
    const { stdout, code } = qpp([
      "run",
      "--allow-read",
      folder,
      "--allow-write",
      folder,
      guest("files"),
      folder,
    ]);
    expect(stdout).toBe(caseOf("files").stdout);
    expect(code).toBe(0);
  });

  it("is the same in every run, and differs by seed", () => {
    const clock = (seed: string): string => qpp(["run", "--seed", seed, guest("clock")]).stdout;
    expect(clock("1")).toBe(clock("1"));
    expect(clock("1")).not.toBe(clock("2"));
  });
});

describe("--json -", () => {
  it("prints the document alone on stdout; the guest's output goes to stderr", () => {
    const { code, stdout, stderr } = qpp(
      "run --json - -p insn -p mem -p syscalls_logger guests/bin/hello".split(" "),
    );
    expect(code).toBe(0);
    const { machine, ...rest } = JSON.parse(stdout);
    const insns = machine.insns;
    expect(machine).toEqual({ insns: expect.any(Number), seconds: expect.any(Number) });
    expect(rest).toEqual({
      schema: 1,
      guest: { path: "guests/bin/hello", args: [], exitCode: 0, signal: null },
      plugins: {
        insn: { insns },
        mem: { loads: expect.any(Number), stores: expect.any(Number) },
        osi: { processes: [{ pid: expect.any(Number), ppid: expect.any(Number), name: "hello" }] },
        syscalls: { calls: expect.any(Number) },
        syscalls_logger: { calls: expect.any(Number) },
      },
    });
    expect(stderr).toContain("Hello from RISC-V!\n");
    expect(stderr).toMatch(
      /^Syscall at pc [0-9a-f]+: number 64 \(write\): Process 'hello', pid \d+, ppid \d+$/m,
    );
    expect(stderr.match(/^Syscall at /gm)).toHaveLength(rest.plugins.syscalls_logger.calls);
  });

  it("counts what QEMU's plugins count, on a guest whose counts are known", () => {
    const { machine, plugins } = document(["-p", "insn", "-p", "bb", "-p", "syscall", guest("count-loop")]);
    expect(machine.insns).toBe(76196);
    expect(plugins).toMatchObject({
      insn: { insns: 76196 },
      bb: { insns: 76196 },
      syscall: { calls: { exit_group: { count: 1, errors: 0 } } },
    });
  });

  it("counts the same inside translated code and by callbacks", () => {
    const results = (how: string, mem: string): unknown =>
      document(
        [`insn,inline=${how}`, `bb,inline=${how}`, `hotblocks,inline=${how}`, `mem,${mem}=on`]
          .flatMap((spec) => ["-p", spec])
          .concat(guest("count-loop")),
      ).plugins;
    expect(results("off", "callback")).toEqual(results("on", "inline"));
  });

  it("says nothing of a plugin that has no result", () => {
    const folder = folderWith({
      "silent.ts": 'import { plugin } from "@qpp/core"; export default plugin("silent", { install() {} });',
    });
    expect(document(["-p", join(folder, "silent.ts"), guest("hello")]).plugins).toEqual({});
  });
});
