import { type FaultPolicy, plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { map } from "rxjs";
import { describe, expect, it } from "vitest";
import { DATA, exit, label, li, op, S0, S1, syscall, T0, to } from "../assemble.js";
import { createRig, type Guest, guest, type MachineImports, program, type Rig, watcher } from "../rig.js";

/** A selection that fails, or holds. */
const failing = (fail: () => void) => (): boolean => {
  fail();
  return true;
};

/** A filter that fails, or lets the call pass. */
const passing = (fail: () => void) => (): undefined => {
  fail();
  return undefined;
};

/** Every way in which a plugin's code gets to run, made to fail at the n-th time. */
const faulty: Readonly<Record<string, (m: MachineImports, fail: () => void) => void>> = {
  "listener of machine.blocks.executed": (m, fail) => m.blocks.executed.register(fail),
  "listener of machine.instructions.executed": (m, fail) => m.instructions.executed.register(fail),
  "listener of machine.memory.accessed": (m, fail) => m.memory.accessed.register(fail),
  "conditional listener of machine.instructions.executed": (m, fail) => {
    const entry = m.scoreboards.create(1).entry(0);
    m.instructions.executed.when(entry, "le", 3).register(fail);
  },
  "listener of machine.blocks.translated": (m, fail) => m.blocks.translated.register(fail),
  "stream of machine.blocks.translated": (m, fail) => m.blocks.translated.subscribe(fail),
  "batch consumer of machine.memory.accessed": (m, fail) => m.memory.accessed.batch(fail, { capacity: 3 }),
  "batch consumer of machine.blocks.executed": (m, fail) => m.blocks.executed.batch(fail, { capacity: 1 }),
  "stream of machine.instructions.executed": (m, fail) => m.instructions.executed.subscribe(fail),
  "stream of machine.memory.accessed": (m, fail) => m.memory.accessed.pipe(map(fail)).subscribe(),
  "selection of machine.blocks.executed": (m, fail) => m.blocks.where(failing(fail)).executed.count(),
  "selection of machine.instructions.executed": (m, fail) =>
    m.instructions.where(failing(fail)).executed.register(() => {}),
  "selection of machine.memory.accessed": (m, fail) => m.memory.accessed.countBy(fail),
  "listener of machine.syscalls.entered": (m, fail) => m.syscalls.entered.register(fail),
  "stream of machine.syscalls.returned": (m, fail) => m.syscalls.returned.subscribe(fail),
  "count of machine.syscalls.entered": (m, fail) => m.syscalls.entered.countBy(fail),
  "listener of machine.syscalls.returned": (m, fail) =>
    m.syscalls.where(failing(fail)).returned.register(() => {}),
  "batch consumer of machine.syscalls.entered": (m, fail) => m.syscalls.entered.batch(fail, { capacity: 1 }),
  "filter of machine.syscalls": (m, fail) => m.syscalls.filter(passing(fail)),
  "listener of machine.vcpus.initialized": (m, fail) => m.vcpus.initialized.register(fail),
  "stream of machine.vcpus.exited": (m, fail) => m.vcpus.exited.subscribe(fail),
  'callback "machine.exited"': (m, fail) => m.exited.register(fail),
};
/** Those that happen once a run. */
const once = /vcpus|machine\.exited/;

/** Plugins that write down all that they are told, one on each side of the faulty one. */
function witnessOf(name: string, into: string[]) {
  return watcher(name, (m) => {
    m.blocks.executed.register((cpu, b) => into.push(`block ${b.pc} ${cpu.executed}`));
    m.instructions.executed.register((cpu) => into.push(`insn ${cpu.pc} ${cpu.executed}`));
    m.memory.accessed.register((_cpu, a) => into.push(`access ${a.address} ${a.value}`));
    m.memory
      .where((site) => site.isStore)
      .accessed.subscribe(({ access: a }) => into.push(`rx ${a.address} ${a.value}`));
    m.instructions.executed.batch((b) => {
      for (let i = 0; i < b.length; i++) into.push(`batch ${b.pc[i]}`);
    });
    m.syscalls.entered.register((call) => into.push(`enter ${call.name} ${call.args}`));
    m.syscalls.returned.register((call) => into.push(`leave ${call.name} ${call.result}`));
    m.exited.register((code) => into.push(`exited ${code}`));
  });
}

/** Batches come whenever code is thrown away, so their events are looked at apart. */
function apart(lines: readonly string[]): { batched: string[]; others: string[] } {
  return {
    batched: lines.filter((line) => line.startsWith("batch ")),
    others: lines.filter((line) => !line.startsWith("batch ")),
  };
}

interface Run {
  readonly rig: Rig;
  readonly code: number;
  readonly before: string[];
  readonly after: string[];
}

async function runWith(
  of: Guest,
  misbehave: ((m: MachineImports) => void) | undefined,
  onFault: FaultPolicy,
): Promise<Run> {
  const before: string[] = [];
  const after: string[] = [];
  const rig = await createRig(of, {
    onFault,
    plugins: [
      witnessOf("before", before),
      watcher("faulty", (m) => misbehave?.(m)),
      witnessOf("after", after),
    ],
  });
  return { rig, code: rig.run().code, before, after };
}

/** Fails at the n-th call and every one after. */
function failingFrom(n: number): { fail: () => void; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    fail: () => {
      calls++;
      if (calls >= n) throw new Error("broken on purpose");
    },
  };
}

/** Stores, loads and makes a system call, forty times. */
const small = program([
  ...li(S0, DATA),
  ...li(S1, 40),
  label("again"),
  op("sd", { rs1: S0, rs2: S1 }),
  op("lw", { rd: T0, rs1: S0 }),
  op("amoadd.w", { rd: T0, rs1: S0, rs2: T0 }),
  to("skip", "beq", { rs1: T0, rs2: 0 }),
  ...syscall("getpid"),
  label("skip"),
  op("addi", { rd: S1, rs1: S1, imm: -1 }),
  to("again", "bne", { rs1: S1, rs2: 0 }),
  ...exit(7),
]);
const alone = runWith(small, undefined, "uninstall");
const names = Object.keys(faulty);

describe("a plugin that throws in", () => {
  it.each(names)("the %s disturbs nobody else, and is uninstalled", async (where) => {
    const quiet = await alone;
    const { fail, calls } = failingFrom(once.test(where) ? 1 : 3);
    const run = await runWith(small, (m) => faulty[where]?.(m, fail), "uninstall");
    // A batch's last events, and what happens when the guest has ended, come after the end of its plugin.
    expect(run.rig.faults.map((f) => [f.plugin, f.where, String(f.cause)])).toEqual([
      ["faulty", where, "Error: broken on purpose"],
    ]);
    expect(calls()).toBe(once.test(where) ? 1 : 3);
    expect(run.rig.container.get("faulty")).toBeUndefined();
    expect([run.code, run.rig.output(), run.rig.machine.executed]).toEqual([
      quiet.code,
      quiet.rig.output(),
      quiet.rig.machine.executed,
    ]);
    expect(apart(run.before)).toEqual(apart(quiet.before));
    expect(apart(run.after)).toEqual(apart(quiet.after));
  });

  it.each(names)("the %s goes on when faults are only reported", async (where) => {
    const quiet = await alone;
    const { fail, calls } = failingFrom(once.test(where) ? 1 : 3);
    const run = await runWith(small, (m) => faulty[where]?.(m, fail), "report");
    expect(run.rig.container.get("faulty")).toBeDefined();
    const faults = run.rig.faults.map((f) => f.where);
    expect(new Set(faults)).toEqual(new Set([where]));
    // A stream ends with its first error, as RxJS has it.
    const ends = where === "stream of machine.memory.accessed";
    expect(faults).toHaveLength(ends ? 1 : calls() - (once.test(where) ? 0 : 2));
    expect(run.code).toBe(quiet.code);
    expect(apart(run.before)).toEqual(apart(quiet.before));
    expect(apart(run.after)).toEqual(apart(quiet.after));
  });

  it.each(names)("the %s ends the run when the policy says so", async (where) => {
    const quiet = await alone;
    const { fail } = failingFrom(once.test(where) ? 1 : 3);
    const run = await runWith(small, (m) => faulty[where]?.(m, fail), "abort");
    const late = where.endsWith('exited"') || where.includes("vcpus.exited");
    expect(run.code).toBe(late ? quiet.code : 125);
    expect(run.rig.faults.length).toBeGreaterThan(0);
    expect(run.before.at(-1)).toBe(`exited ${run.code}`);
    // What was told until then is what would have been told.
    const told = apart(run.before);
    const all = apart(quiet.before);
    expect(told.others.slice(0, -1)).toEqual(all.others.slice(0, told.others.length - 1));
    expect(told.batched).toEqual(all.batched.slice(0, told.batched.length));
    // The instruction at which it ended may have been told, and not executed.
    expect(told.batched.length - run.rig.machine.executed).toBeOneOf([0, 1]);
  });
});

describe("a plugin's promise that is rejected", () => {
  const listeners: Readonly<Record<string, (m: MachineImports, fail: () => Promise<void>) => void>> = {
    "listener of machine.blocks.executed": (m, fail) => m.blocks.executed.register(fail),
    "listener of machine.instructions.executed": (m, fail) =>
      m.instructions.executed.register(fail, { registers: "write-pc" }),
    "listener of machine.syscalls.entered": (m, fail) => m.syscalls.entered.register(fail),
    "listener of machine.blocks.translated": (m, fail) => m.blocks.translated.register(fail),
    "batch consumer of machine.blocks.executed": (m, fail) => m.blocks.executed.batch(fail),
    "stream of machine.blocks.executed": (m, fail) => m.blocks.executed.subscribe(fail),
  };
  it.each(Object.keys(listeners))("by the %s is its fault, not the end of everything", async (where) => {
    const rig = await createRig(guest("exit-code"), {
      plugins: [watcher("late", (m) => listeners[where]?.(m, async () => Promise.reject(new Error("late"))))],
    });
    expect(rig.run().code).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(rig.faults.length).toBeGreaterThan(0);
    expect(rig.faults[0]).toMatchObject({ plugin: "late", where, cause: new Error("late") });
    expect(rig.container.get("late")).toBeUndefined();
  });
});

describe("a plugin that is uninstalled while its own fault is handled", () => {
  it("takes its dependents along, and leaves the others' lanes alone", async () => {
    const quiet = await alone;
    const owner = plugin("owner", {
      requires: { machine },
      install: ({ machine }) => {
        let n = 0;
        machine.memory.accessed.register(() => {
          n++;
          if (n === 50) throw new Error("owner broke");
        });
      },
    });
    const told: string[] = [];
    const rig = await createRig(small, {
      plugins: [
        owner,
        plugin("dependent", {
          requires: { machine, owner: owner.contract },
          install: ({ machine }) => {
            machine.memory.accessed.register(() => told.push("access"));
          },
        }),
      ],
    });
    const accesses = rig.api.memory.accessed.count();
    rig.run();
    // At the 50th access the dependent comes after its owner, and is gone.
    expect(told).toHaveLength(49);
    expect(accesses.value).toBe(quiet.before.filter((line) => line.startsWith("access ")).length);
  });
});
