import type { Cpu } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { A0, assemble, DATA, exit, label, li, op, S0, syscall, TEXT, to } from "../assemble.js";
import { createRig, type MachineImports, program } from "../rig.js";

/** Adds 1 in a block of its own, then stores, makes a call and exits with 1; `away` exits with 50 + a0. */
const items = [
  ...li(S0, DATA),
  to("second", "jal"),
  label("second"),
  op("addi", { rd: A0, rs1: A0, imm: 1 }),
  op("sd", { rs1: S0, rs2: A0 }),
  ...syscall("getpid"),
  ...exit(1),
  label("away"),
  op("addi", { rd: A0, rs1: A0, imm: 50 }),
  ...exit(0).slice(1),
];
const { labels } = assemble(items);
const SECOND = labels.get("second") ?? 0;
const AWAY = labels.get("away") ?? 0;

const withPc = { registers: "write-pc" } as const;
type Attach = (m: MachineImports, listener: (cpu: Cpu) => void) => void;

/** Where it is called from, what a0 is then, and how many instructions were executed. */
const places: readonly (readonly [string, number, number, Attach])[] = [
  ["a block", 0, 3, (m, f) => m.blocks.where((b) => b.pc === SECOND).executed.register(f, withPc)],
  [
    "an instruction",
    0,
    3,
    (m, f) => m.instructions.where((i) => i.pc === SECOND).executed.register(f, withPc),
  ],
  [
    "a later instruction",
    1,
    4,
    (m, f) => m.instructions.where((i) => i.isStore).executed.register(f, withPc),
  ],
  ["an access", 1, 5, (m, f) => m.memory.accessed.register(f, withPc)],
  [
    "a conditional callback",
    0,
    3,
    (m, f) =>
      m.blocks
        .where((b) => b.pc === SECOND)
        .executed.when(m.scoreboards.create(1).entry(0), "eq", 0)
        .register(f, withPc),
  ],
  ["a system call's entry", 1, 6, (m, f) => m.syscalls.entered.register(({ cpu }) => f(cpu), withPc)],
];

describe("set_pc", () => {
  it.each(places)("from %s goes on there, and does not return", async (_, a0, executed, attach) => {
    const rig = await createRig(program(items));
    const after: string[] = [];
    let done = 0;
    attach(rig.api, (cpu) => {
      if (cpu.pc >= AWAY) return;
      done = cpu.executed;
      cpu.setPc(AWAY);
      after.push("returned");
    });
    const counts: number[] = [];
    rig.api.instructions.where((i) => i.pc === AWAY).executed.register((cpu) => counts.push(cpu.executed));
    expect(rig.run().code).toBe(50 + a0);
    expect(after).toEqual([]);
    expect(rig.faults).toEqual([]);
    expect(counts).toEqual([executed]);
    expect(executed - done).toBe(_ === "an access" ? 1 : 0);
    expect(rig.machine.executed).toBe(executed + 3);
  });

  it.each(places)(
    "from %s happens even if the listener catches everything",
    async (_, a0, executed, attach) => {
      const rig = await createRig(program(items));
      const caught: unknown[] = [];
      attach(rig.api, (cpu) => {
        if (cpu.pc >= AWAY) return;
        try {
          cpu.setPc(AWAY);
        } catch (cause) {
          caught.push(cause);
        }
      });
      expect(rig.run().code).toBe(50 + a0);
      expect(caught).toHaveLength(1);
      expect(rig.faults).toEqual([]);
      expect(rig.machine.executed).toBe(executed + 3);
    },
  );

  it.each(places)(
    "from %s happens even if the listener then throws, which is a fault",
    async (_, a0, executed, attach) => {
      const rig = await createRig(program(items), { onFault: "report" });
      attach(rig.api, (cpu) => {
        if (cpu.pc >= AWAY) return;
        try {
          cpu.setPc(AWAY);
        } finally {
          // biome-ignore lint/correctness/noUnsafeFinally: what a careless plugin may do
          throw new Error("careless");
        }
      });
      expect(rig.run().code).toBe(50 + a0);
      expect(rig.faults.map((f) => f.cause)).toEqual([new Error("careless")]);
      expect(rig.machine.executed).toBe(executed + 3);
    },
  );

  it("from a system call's return keeps the call, and skips what comes after it", async () => {
    const rig = await createRig(program(items));
    rig.api.syscalls.returned.register(({ cpu }) => cpu.setPc(AWAY), withPc);
    const pid = rig.api.process().pid;
    expect(rig.run().code).toBe((50 + pid) & 0xff);
    expect(rig.machine.executed).toBe(7 + 3);
  });

  it("of one callback does not leak into the next", async () => {
    const rig = await createRig(program(items));
    rig.api.blocks.where((b) => b.pc === SECOND).executed.register((cpu) => cpu.setPc(SECOND + 4), withPc);
    const pcs: number[] = [];
    rig.api.instructions.executed.register((cpu) => pcs.push(cpu.pc), withPc);
    rig.api.syscalls.entered.register(() => {}, withPc);
    expect(rig.run().code).toBe(1);
    expect(pcs.filter((pc) => pc < SECOND + 8)).toEqual([TEXT, TEXT + 4, TEXT + 8, SECOND + 4]);
  });

  it("of one callback is not taken up when another one, which may not change the pc, throws later", async () => {
    // Twice around, so that no translation comes between the two callbacks.
    const twice = [
      ...li(S0, 2),
      label("again"),
      ...syscall("getpid"),
      op("addi", { rd: S0, rs1: S0, imm: -1 }),
      to("again", "bne", { rs1: S0, rs2: 0 }),
      ...exit(1),
    ];
    const rig = await createRig(program(twice), { onFault: "report", maxInsns: 1000 });
    let calls = 0;
    rig.api.syscalls.entered.register(({ cpu, name }) => {
      calls++;
      if (name === "getpid") cpu.setPc(cpu.pc + 4);
    }, withPc);
    rig.api.instructions
      .where((i) => i.name === "bne")
      .executed.register(() => {
        if (calls === 2) throw new Error("later");
      });
    expect(rig.run().code).toBe(1);
    expect(calls).toBe(3);
    expect(rig.faults).toHaveLength(1);
  });

  it("skips what others would have been told at the same place, but not what they were told before", async () => {
    const rig = await createRig(program(items));
    const told: string[] = [];
    const there = rig.api.instructions.where((i) => i.pc === SECOND);
    there.executed.register(() => told.push("before"));
    there.executed.register((cpu) => cpu.setPc(AWAY), withPc);
    there.executed.register(() => told.push("after"));
    const count = there.executed.count();
    expect(rig.run().code).toBe(50);
    expect([told, count.value]).toEqual([["before"], 0]);
  });

  it("to where nothing can be executed faults there", async () => {
    const rig = await createRig(program(items));
    rig.api.blocks.executed.register((cpu) => cpu.setPc(2 ** 40), withPc);
    const from: number[] = [];
    rig.api.discontinuities.register((d) => from.push(d.from));
    expect(rig.run()).toMatchObject({ code: 139, signal: "SIGSEGV" });
    expect(from).toEqual([2 ** 40]);
  });

  it.each([TEXT + 1, -2, 2.5, Number.NaN, 2 ** 60])("refuses %d, which is no even address", async (pc) => {
    const rig = await createRig(program(items));
    rig.api.blocks.executed.register((cpu) => cpu.setPc(pc), withPc);
    expect(rig.run().code).toBe(1);
    expect(rig.faults.length).toBeGreaterThan(0);
    expect(rig.faults[0]?.cause).toEqual(new RangeError(`a pc is an even address; got ${pc}`));
  });
});
