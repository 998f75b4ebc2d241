import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { symbolFiles } from "../../packages/plugins/src/uftrace/directory.js";
import { createRecords, Kind, MAX_DEPTH } from "../../packages/plugins/src/uftrace/records.js";
import { folderWith, guest, qpp } from "../e2e/qpp.js";
import { peer } from "../peers.js";
import { load } from "./load.js";

test("records hold time, kind, depth and address, however many there are", () => {
  const record = fc.record({
    time: fc.maxSafeNat(),
    kind: fc.constantFrom(Kind.entry, Kind.exit),
    depth: fc.nat(MAX_DEPTH - 1),
    address: fc.nat(0xffff_ffff),
  });
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), fc.nat(1000), (some, times) => {
      const chunks: Buffer[] = [];
      const records = createRecords((bytes) => chunks.push(Buffer.from(bytes)));
      const all = Array.from({ length: times + 1 }, () => some).flat();
      for (const { time, kind, depth, address } of all) records.add(time, kind, depth, address);
      records.flush();
      expect(records.length).toBe(all.length);
      const bytes = Buffer.concat(chunks);
      expect(bytes.length).toBe(16 * all.length);
      for (const at of [0, all.length >> 1, all.length - 1]) {
        const { time, kind, depth, address } = all[at] ?? { time: 0, kind: 0, depth: 0, address: 0 };
        expect(bytes.readBigUInt64LE(16 * at)).toBe(BigInt(time));
        const what = (BigInt(address) << 16n) | (BigInt(depth) << 6n) | (5n << 3n) | BigInt(kind);
        expect(bytes.readBigUInt64LE(16 * at + 8)).toBe(what);
      }
    }),
    { numRuns: 30 },
  );
});

test("symbol files of one name are told apart as uftrace looks for them", () => {
  const functions = new Map();
  const files = [
    { path: "/lib/a.so", buildId: "0123456789", functions },
    { path: "/opt/a.so", buildId: "fedcba9876", functions },
    { path: "/srv/a.so", buildId: undefined, functions },
  ];
  const sum = [...Buffer.from("/srv/a.so")].reduce((all, byte) => all + byte, 0);
  expect([...symbolFiles(files).keys()]).toEqual([
    "a.so.sym",
    "a.so-fedc.sym",
    `a.so-${sum.toString(16).padStart(4, "0")}.sym`,
  ]);
});

test("a trace for each privilege level is refused with its reason", async () => {
  const { refused } = await load({ uftrace: { "trace-privilege-level": "on" } });
  expect(refused.join()).toMatch(/trace-privilege-level=on.*system mode only/);
  const { refused: off } = await load({ uftrace: { "trace-privilege-level": "off" } });
  expect(off).toEqual([]);
});

test("without --out and dir= nothing is written, which is told", () => {
  const folder = folderWith();
  const { code, stderr } = qpp(["run", "-p", "uftrace", guest("count-calls")], { cwd: folder });
  expect(code).toBe(0);
  expect(stderr).toContain("nothing was written: give --out DIR or dir=PATH");
  expect(readdirSync(folder)).toEqual([]);
});

/** What `uftrace report` says of functions. */
function reported(directory: string, task?: number): Map<string, { self: number; calls: number }> {
  const only = task === undefined ? [] : [`--tid=${task}`];
  const text = uftrace("report", "-d", directory, "--output-fields=self,call", "--no-pager", ...only);
  const rows = [...text.matchAll(/^ *([\d.]+) us +(\d+) {2}(.*)$/gm)];
  return new Map(
    rows.map(([, self, calls, name = ""]) => [
      name,
      { self: Math.round(Number(self) * 1000), calls: Number(calls) },
    ]),
  );
}

function uftrace(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("uftrace", args, { encoding: "utf8", maxBuffer: 1 << 26 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

/** Says what `callstack` tells of calls and returns; and how often the first instruction of each function was executed. */
const TELLER = `
import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { callstack } from "@qpp/plugins/callstack/contract";
export default plugin("teller", {
  requires: { callstack, machine },
  install({ callstack, machine, report }) {
    const lines = [];
    const line = (what, { index, function: pc }) => lines.push(what + " " + pc.toString(16) + " " + index);
    callstack.onCall.register((_cpu, frame) => line("entry", frame));
    callstack.onReturn.register((_cpu, frame) => line("exit", frame));
    callstack.onTailCall.register((_cpu, frame, before) => {
      line("exit", { index: frame.index, function: before });
      line("entry", frame);
    });
    const entries = machine.instructions
      .where(({ pc }) => machine.program.symbolAt(pc)?.offset === 0)
      .executed.countBy(({ symbol }) => symbol);
    report(() => ({ lines, entries: Object.fromEntries(entries.entries()) }));
  },
});
`;

interface Told {
  readonly teller: { readonly lines: readonly string[]; readonly entries: Readonly<Record<string, number>> };
  readonly profile: { readonly functions: readonly { readonly name: string; readonly self: number }[] };
}

/** Runs a program, and gives what others say of it, and the directory. */
function traced(program: readonly string[], options: readonly string[] = []) {
  const folder = folderWith({ "teller.mjs": TELLER });
  const args = ["--json", "r.json", "-p", "./teller.mjs", "-p", "profile,limit=0", "-p", "uftrace,dir=trace"];
  const run = qpp(["run", ...args, ...options, ...program], { cwd: folder });
  expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code: 0 });
  const { plugins, machine } = JSON.parse(readFileSync(join(folder, "r.json"), "utf8"));
  return { told: plugins as Told, insns: machine.insns as number, directory: join(folder, "trace") };
}

describe.skipIf(!peer("uftrace"))("read by uftrace (needs uftrace)", () => {
  test("dump gives back what callstack tells, in its order", () => {
    const { told, directory } = traced([guest("count-calls")]);
    const records = uftrace("dump", "-d", directory).matchAll(
      /\[(entry|exit) *\] .*\(([0-9a-f]+)\) depth: (\d+)/g,
    );
    const [start, ...others] = [...records].map(([, what, pc, depth]) => `${what} ${pc} ${depth}`);
    expect(start).toBe("entry 101fe 0");
    expect(others).toEqual(told.teller.lines);
    expect(others.length).toBeGreaterThan(1700);
  });

  test.each([
    ["count-calls", []],
    ["count-loop", []],
  ] as const)(
    "report of %s: calls are executions of first instructions, times what profile counts",
    (name, args) => {
      const { told, directory } = traced([guest(name), ...args]);
      const functions = reported(directory);
      const selfs = told.profile.functions.map(({ name, self }) => [name, self]);
      const calls = told.profile.functions.map(({ name }) => [name, told.teller.entries[name]]);
      expect(Object.fromEntries([...functions].map(([name, { self }]) => [name, self]))).toEqual(
        Object.fromEntries(selfs),
      );
      expect(Object.fromEntries([...functions].map(([name, { calls }]) => [name, calls]))).toEqual(
        Object.fromEntries(calls),
      );
    },
  );

  test("replay and graph show the calls nested, with times", () => {
    const { directory } = traced([guest("fib"), "2"]);
    const shown = uftrace("replay", "-d", directory, "-F", "fib", "--no-comment", "--no-pager");
    expect(shown.replaceAll(/^.*\| /gm, "")).toContain("fib() {\n  fib();\n  fib();\n}\n");
    expect(uftrace("graph", "-d", directory, "--no-pager", "fib")).toMatch(/\(1\) fib\n.*\(2\) fib\n/);
  });
});

const FAMILY = `
#include <pthread.h>
#include <setjmp.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
#define OWN __attribute__((noinline, noipa))
static jmp_buf back;
static ucontext_t mine, other;
static char stack[65536];
volatile int sum;
OWN void leaf(void) { sum++; }
OWN void middle(void) { leaf(); leaf(); sum++; }
OWN void jumper(void) { leaf(); longjmp(back, 1); }
OWN void routine(void) { leaf(); swapcontext(&other, &mine); leaf(); swapcontext(&other, &mine); }
OWN void *thread(void *p) { middle(); sum++; return p; }
OWN void deep(int n) { if (n > 0) deep(n - 1); sum++; }
int main(int argc, char **argv) {
  if (argc > 1) { middle(); return 0; }
  if (!setjmp(back)) jumper();
  pthread_t t;
  pthread_create(&t, 0, thread, 0);
  pthread_join(t, 0);
  getcontext(&other);
  other.uc_stack.ss_sp = stack;
  other.uc_stack.ss_size = sizeof stack;
  makecontext(&other, routine, 0);
  swapcontext(&mine, &other);
  swapcontext(&mine, &other);
  if (fork() == 0) { middle(); _exit(0); }
  wait(0);
  if (fork() == 0) { execl(argv[0], argv[0], "again", (char *)0); _exit(1); }
  wait(0);
  deep(1100);
  return 0;
}
`;

const compiled = peer("uftrace") && peer("riscv64-linux-gnu-gcc");

describe.skipIf(!compiled)("threads, processes, programs (needs uftrace, riscv64-linux-gnu-gcc)", () => {
  test.each([["-static"], ["-pie"]])("%s: each is a task, with its calls", (link) => {
    const folder = folderWith({ "family.c": FAMILY });
    const program = join(folder, "family");
    const flags = ["-O1", "-fno-optimize-sibling-calls", link, "-pthread", "-o", program];
    const built = spawnSync("riscv64-linux-gnu-gcc", [...flags, join(folder, "family.c")]);
    expect(String(built.stderr)).toBe("");
    const reads = ["--allow-read", folder, "--allow-read", "/usr/riscv64-linux-gnu/lib:/lib"];
    const { insns, directory } = traced([program], reads);
    const calls = (task?: number) =>
      Object.fromEntries(
        [...reported(directory, task)]
          .filter(([name]) =>
            ["leaf", "middle", "jumper", "routine", "thread", "deep", "main"].includes(name),
          )
          .map(([name, { calls }]) => [name, calls]),
      );
    const [first, thread, forked, executed] = [100, 101, 102, 103];
    expect(calls(thread)).toEqual({ thread: 1, middle: 1, leaf: 2 });
    expect(calls(forked)).toEqual({ middle: 1, leaf: 2 });
    expect(calls(executed)).toEqual({ main: 1, middle: 1, leaf: 2 });
    // uftrace tells 1024 calls of a stack apart.
    const { deep, ...others } = calls(first);
    expect(others).toEqual({ main: 1, jumper: 1, leaf: 1 });
    expect(deep).toBeGreaterThan(1000);
    expect(deep).toBeLessThan(1024);
    // A stack of its own is a task of its own.
    expect(calls(4194304)).toEqual({ routine: 1, leaf: 2 });
    expect(calls()).toMatchObject({ main: 2, leaf: 9, middle: 3, thread: 1, routine: 1 });
    const tasks = uftrace("report", "--task", "-d", directory, "--no-pager");
    expect(tasks).toContain(`${(insns / 1000).toFixed(3)} us`);
  });
});
