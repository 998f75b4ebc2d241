import type { Cpu, RegisterAccess } from "@qpp/emulator/contract";
import { RegisterAccessError } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { A0, exit, li, op, T0, TEXT } from "../assemble.js";
import { createRig, program } from "../rig.js";

/** Exits with what is in a0 after `addi a0, a0, 1`. */
const increments = program([...li(A0, 5), op("addi", { rd: A0, rs1: A0, imm: 1 }), ...exit(0).slice(1)]);
const ADD = TEXT + 4;

describe("register_vcpu_tb_exec_cb", () => {
  it("is called before the block's first instruction, with registers as they are then", async () => {
    const rig = await createRig(increments);
    const seen: unknown[] = [];
    rig.api.blocks.executed.register((cpu, block) => {
      seen.push(["block", block.pc, cpu.pc, cpu.executed, cpu.registers.readNumber("a0")]);
    });
    rig.api.instructions.executed.register((cpu) => seen.push(cpu.pc));
    expect(rig.run().code).toBe(6);
    expect(seen).toEqual([["block", TEXT, TEXT, 0, 0], TEXT, ADD, ADD + 4, ADD + 8]);
  });
});

describe("register_vcpu_insn_exec_cb", () => {
  it("is called before the instruction, with registers as they are then", async () => {
    const rig = await createRig(increments);
    const seen: unknown[] = [];
    rig.api.instructions.executed.register((cpu, { pc }) =>
      seen.push([cpu.pc === pc, cpu.executed, cpu.registers.readNumber("a0")]),
    );
    rig.run();
    expect(seen).toEqual([
      [true, 0, 0],
      [true, 1, 5],
      [true, 2, 6],
      [true, 3, 6],
    ]);
  });

  it("is called for an instruction that then faults", async () => {
    const rig = await createRig(program([op("ld", { rd: T0, rs1: 0 })]));
    const pcs: number[] = [];
    rig.api.instructions.executed.register((cpu) => pcs.push(cpu.pc));
    expect(rig.run().code).toBe(139);
    expect(pcs).toEqual([TEXT]);
    expect(rig.machine.executed).toBe(0);
  });
});

describe("NO_REGS, R_REGS, RW_REGS, RW_REGS_PC", () => {
  const actions: Readonly<Record<string, (cpu: Cpu) => void>> = {
    read: (cpu) => cpu.registers.read("a0"),
    readNumber: (cpu) => cpu.registers.readNumber("a0"),
    write: (cpu) => cpu.registers.write("a0", 40n),
    setPc: (cpu) => cpu.setPc(ADD + 4),
  };
  const allowed: Readonly<Record<RegisterAccess, readonly string[]>> = {
    none: [],
    read: ["read", "readNumber"],
    write: ["read", "readNumber", "write"],
    "write-pc": ["read", "readNumber", "write", "setPc"],
  };
  const levels = Object.keys(allowed) as RegisterAccess[];
  const cases = [undefined, ...levels].flatMap((level) =>
    Object.keys(actions).map((action) => [level, action, allowed[level ?? "read"].includes(action)] as const),
  );

  it.each(cases)("with %s, %s is allowed: %s", async (level, action, may) => {
    const rig = await createRig(increments, { onFault: "report" });
    rig.api.instructions
      .where((i) => i.pc === ADD)
      .executed.register((cpu) => actions[action]?.(cpu), level === undefined ? {} : { registers: level });
    const { code } = rig.run();
    const errors = rig.faults.map((f) => f.cause);
    if (may) {
      expect(errors).toEqual([]);
      expect(code).toBe(action === "write" ? 41 : action === "setPc" ? 5 : 6);
    } else {
      expect(code).toBe(6);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toBeInstanceOf(RegisterAccessError);
      const needed = action === "setPc" ? "write-pc" : action === "write" ? "write" : "read";
      expect(String(errors[0])).toContain(
        `needs a callback registered with { registers: "${needed}" }; this one has "${level ?? "read"}"`,
      );
    }
  });

  it("hold for block, memory, conditional, system-call and thread callbacks as well", async () => {
    const rig = await createRig(program(exit(3)), { onFault: "report" });
    const { api } = rig;
    const write = (cpu: Cpu) => cpu.registers.write("t0", 1n);
    const entry = api.scoreboards.create(1).entry(0);
    const none = { registers: "none" } as const;
    api.blocks.executed.register(write, none);
    api.blocks.executed.when(entry, "eq", 0).register(write, none);
    api.syscalls.entered.register(({ cpu }) => write(cpu), none);
    api.vcpus.initialized.register(write, none);
    api.blocks.executed.subscribe(({ cpu }) => write(cpu));
    api.blocks.translated.register(() => write(api.vcpus.list[0] as Cpu));
    rig.run();
    expect(rig.faults.map((f) => f.where)).toEqual([
      "listener of machine.vcpus.initialized",
      "listener of machine.blocks.translated",
      "listener of machine.blocks.executed",
      "conditional listener of machine.blocks.executed",
      "stream of machine.blocks.executed",
      "listener of machine.syscalls.entered",
    ]);
  });

  it("let the host, between two runs, read and write, but not set the pc", async () => {
    const rig = await createRig(increments);
    const [cpu] = rig.api.vcpus.list;
    if (!cpu) throw new Error("no vCPU");
    rig.api.blocks.where((b) => b.pc === TEXT).executed.count();
    cpu.registers.write("t0", 7n);
    expect(cpu.registers.read("t0")).toBe(7n);
    expect(() => cpu.setPc(TEXT)).toThrow(RegisterAccessError);
  });
});
