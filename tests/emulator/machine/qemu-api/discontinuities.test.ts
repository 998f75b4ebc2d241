import type { Discontinuity } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { A0, A1, A2, A3, A7, li, op, padTo, S0, syscall, T0, TEXT } from "../assemble.js";
import { createRig, type Guest, guest, program } from "../rig.js";

/** x1 and x2. */
const [RA, SP] = [1, 2];

type Told = Omit<Discontinuity, "cpu"> & { readonly a0: number; readonly pc: number };

async function discontinuitiesOf(of: Guest): Promise<{ told: Told[]; code: number; executed: number }> {
  const told: Told[] = [];
  const rig = await createRig(of);
  rig.api.discontinuities.register(({ cpu, ...what }) =>
    told.push({ ...what, a0: cpu.registers.readNumber("a0"), pc: cpu.pc }),
  );
  return { told, code: rig.run().code, executed: rig.machine.executed };
}

describe("register_vcpu_discon_cb", () => {
  const faulting: readonly (readonly [string, ReturnType<typeof op>[], string, number])[] = [
    ["a store to an unmapped page", [op("sd", { rs1: 0, rs2: A0, imm: 8 })], "SIGSEGV", 139],
    ["a load from an unmapped page", [op("ld", { rd: T0, rs1: 0, imm: 8 })], "SIGSEGV", 139],
    ["a misaligned atomic", [op("amoadd.d", { rd: 0, rs1: A0, rs2: 0 })], "SIGBUS", 135],
    ["an illegal instruction", [op("unimp")], "SIGILL", 132],
    ["a privileged instruction", [op("mret")], "SIGILL", 132],
    ["a breakpoint", [op("ebreak")], "SIGTRAP", 133],
  ];
  it.each(faulting)("tells %s with the pc that caused it and the signal", async (_, items, signal, code) => {
    const before = li(A0, 1001);
    const { told, ...end } = await discontinuitiesOf(program([...before, ...items]));
    const from = TEXT + 4 * before.length;
    expect(told).toEqual([{ kind: "exception", from, to: undefined, signal, a0: 1001, pc: from }]);
    // What faults is not executed.
    expect(end).toEqual({ code, executed: before.length });
  });

  it("tells a jump to where nothing can be fetched from there", async () => {
    const { told, code } = await discontinuitiesOf(
      program([...li(A0, 0x1234), op("jalr", { rd: 0, rs1: A0, imm: 0 })]),
    );
    expect(told).toEqual([
      { kind: "exception", from: 0x1234, to: undefined, signal: "SIGSEGV", a0: 0x1234, pc: 0x1234 },
    ]);
    expect(code).toBe(139);
  });

  it("tells a pc beyond all addresses in full", async () => {
    const rig = await createRig(program([...li(A0, -2), op("jalr", { rd: 0, rs1: A0, imm: 0 })]));
    const pcs: bigint[] = [];
    rig.api.discontinuities.register(({ cpu }) => pcs.push(cpu.registers.read("pc")));
    expect(rig.run().code).toBe(139);
    expect(pcs).toEqual([0xffff_ffff_ffff_fffen]);
  });

  it("tells a signal that the guest sends itself as an interrupt of what would come next", async () => {
    const { told, code } = await discontinuitiesOf(guest("spawn-signal", "15"));
    expect(told).toMatchObject([{ kind: "interrupt", to: undefined, signal: "SIGTERM" }]);
    expect(code).toBe(143);
  });

  it("tells where the handler of a fault begins, before it does, and nothing of its return", async () => {
    const handler = 0x200;
    const { told, code, executed } = await discontinuitiesOf(
      program([
        ...li(S0, TEXT + handler),
        op("sd", { rs1: SP, rs2: S0, imm: -24 }),
        op("sd", { rs1: SP, rs2: 0, imm: -16 }),
        op("sd", { rs1: SP, rs2: 0, imm: -8 }),
        ...li(A0, 11),
        op("addi", { rd: A1, rs1: SP, imm: -24 }),
        ...li(A2, 0),
        ...li(A3, 8),
        ...li(A7, 134),
        op("ecall"),
        ...li(A0, 77),
        op("sd", { rs1: 0, rs2: A0, imm: 8 }),
        ...li(A7, 94),
        op("ecall"),
        padTo(handler),
        // Past the faulting instruction, by the pc of the context at a2, 176 bytes in.
        op("ld", { rd: T0, rs1: A2, imm: 176 }),
        op("addi", { rd: T0, rs1: T0, imm: 4 }),
        op("sd", { rs1: A2, rs2: T0, imm: 176 }),
        op("jalr", { rd: 0, rs1: RA, imm: 0 }),
      ]),
    );
    expect(told).toMatchObject([{ kind: "exception", to: TEXT + handler, signal: "SIGSEGV", a0: 77 }]);
    expect(told[0]?.from).toBe(told[0]?.pc);
    expect([code, executed]).toEqual([77, 20]);
  });

  it("tells a handled signal as an interrupt of what comes after the call that sent it", async () => {
    const handler = 0x200;
    const { told, code } = await discontinuitiesOf(
      program([
        ...li(S0, TEXT + handler),
        op("sd", { rs1: SP, rs2: S0, imm: -24 }),
        op("sd", { rs1: SP, rs2: 0, imm: -16 }),
        op("sd", { rs1: SP, rs2: 0, imm: -8 }),
        ...li(A0, 10),
        op("addi", { rd: A1, rs1: SP, imm: -24 }),
        ...li(A2, 0),
        ...li(A3, 8),
        ...li(A7, 134),
        op("ecall"),
        ...syscall("kill", 100, 10),
        ...syscall("exit_group", 5),
        padTo(handler),
        op("jalr", { rd: 0, rs1: RA, imm: 0 }),
      ]),
    );
    const after = TEXT + 4 * (10 + li(S0, TEXT + handler).length + syscall("kill", 100, 10).length - 1);
    expect(told).toEqual([
      { kind: "interrupt", from: after, to: TEXT + handler, signal: "SIGUSR1", a0: 0, pc: after },
    ]);
    expect(code).toBe(5);
  });

  it("is silent when nothing breaks the flow", async () => {
    const { told } = await discontinuitiesOf(guest("hello"));
    expect(told).toEqual([]);
  });
});
