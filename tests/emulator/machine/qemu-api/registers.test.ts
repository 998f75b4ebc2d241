import type { Cpu } from "@qpp/emulator/contract";
import { UnknownRegisterError } from "@qpp/emulator/contract";
import { describe, expect, it } from "vitest";
import { A0, exit, li, op, T0 } from "../assemble.js";
import { createRig, program } from "../rig.js";

async function cpuAtEnd(): Promise<Cpu> {
  const rig = await createRig(program(exit(0)));
  const [cpu] = rig.api.vcpus.list;
  if (!cpu) throw new Error("no vCPU");
  return cpu;
}

describe("get_registers", () => {
  it("lists them as gdb names and groups them", async () => {
    const { list } = (await cpuAtEnd()).registers;
    const named = (feature: string): string[] =>
      list.filter((r) => r.feature === `org.gnu.gdb.riscv.${feature}`).map((r) => r.name);
    // gdb manual, "RISC-V Features"; names as in gdb's riscv-64bit-cpu.xml and riscv-64bit-fpu.xml.
    expect(named("cpu").join(" ")).toBe(
      "zero ra sp gp tp t0 t1 t2 fp s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6 pc",
    );
    expect(named("fpu").join(" ")).toBe(
      "ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 " +
        "fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11",
    );
    expect(named("csr")).toEqual(["fflags", "frm", "fcsr"]);
    expect(list.filter((r) => r.bits === 32).map((r) => r.name)).toEqual(["fflags", "frm", "fcsr"]);
  });

  it("can all be read", async () => {
    const { registers } = await cpuAtEnd();
    for (const { name } of registers.list)
      expect(registers.readNumber(name)).toBe(Number(registers.read(name)));
  });
});

describe("read_register, write_register", () => {
  it("copy gives all of them at once, as words, where there is room", async () => {
    const { registers } = await cpuAtEnd();
    registers.list.forEach(({ name }, i) => {
      if (name !== "pc") registers.write(name, 0xfedc_ba98_7654_3200n + BigInt(i));
    });
    const { length } = registers.list;
    const words = new Uint32Array(2 * length + 3).fill(7);
    registers.copy(words, 2);
    registers.list.forEach(({ name }, i) => {
      const [low = 0, high = 0] = words.subarray(2 + 2 * i);
      expect([name, (BigInt(high) << 32n) | BigInt(low)]).toEqual([name, registers.read(name)]);
    });
    expect([words[0], words[1], words[2 * length + 2]]).toEqual([7, 7, 7]);
    expect(() => registers.copy(words, 4)).toThrow(RangeError);
  });

  it("round-trip every bit of every register that can be written", async () => {
    const { registers } = await cpuAtEnd();
    registers.list.forEach(({ name, bits }, i) => {
      if (name === "zero" || name === "pc" || bits === 32) return;
      registers.write(name, 0xfedc_ba98_7654_3200n + BigInt(i));
    });
    registers.list.forEach(({ name, bits }, i) => {
      if (name === "zero" || name === "pc" || bits === 32) return;
      expect(registers.read(name)).toBe(0xfedc_ba98_7654_3200n + BigInt(i));
    });
    registers.write("a0", -1n);
    expect(registers.read("a0")).toBe(2n ** 64n - 1n);
    registers.write("a0", 2n ** 53n - 1n);
    expect(registers.readNumber("a0")).toBe(2 ** 53 - 1);
  });

  it("know the psABI's names and the numbers as well", async () => {
    const { registers } = await cpuAtEnd();
    registers.write("x8", 88n);
    registers.write("f10", 10n);
    expect(["s0", "fp", "x8"].map((name) => registers.read(name))).toEqual([88n, 88n, 88n]);
    expect(registers.read("fa0")).toBe(10n);
  });

  it("keep zero at zero, and parts of fcsr in their place", async () => {
    const { registers } = await cpuAtEnd();
    registers.write("zero", 1n);
    expect(registers.read("zero")).toBe(0n);
    registers.write("fcsr", 0xfffn);
    expect(registers.read("fcsr")).toBe(0xffn);
    registers.write("fflags", 0x25n);
    registers.write("frm", 0x9n);
    expect([registers.read("fflags"), registers.read("frm"), registers.read("fcsr")]).toEqual([
      5n,
      1n,
      0x25n,
    ]);
    expect([registers.readNumber("fflags"), registers.readNumber("frm")]).toEqual([5, 1]);
  });

  it("take effect at once: the instruction that comes next sees what was written", async () => {
    const rig = await createRig(
      program([...li(T0, 1), op("add", { rd: A0, rs1: T0, rs2: 0 }), ...exit(0).slice(1)]),
    );
    rig.api.instructions
      .where((i) => i.name === "add")
      .executed.register((cpu) => cpu.registers.write("t0", 33n), { registers: "write" });
    expect(rig.run().code).toBe(33);
  });

  it("are exact at every instruction", async () => {
    const steps = Array.from({ length: 20 }, (_, i) => op("addi", { rd: T0, rs1: T0, imm: i }));
    const rig = await createRig(program([...steps, ...exit(0)]));
    const values: number[] = [];
    rig.api.instructions.executed.register((cpu) => values.push(cpu.registers.readNumber("t0")));
    rig.run();
    expect(values.slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, i) => (i * (i - 1)) / 2 + 0));
  });

  it("refuse names that there are not, and writing to pc", async () => {
    const { registers } = await cpuAtEnd();
    for (const call of [
      () => registers.read("eax"),
      () => registers.readNumber("eax"),
      () => registers.write("eax", 0n),
    ]) {
      expect(call).toThrow(UnknownRegisterError);
      expect(call).toThrow('there is no register "eax"; names are gdb\'s: zero, ra, sp, …, pc, ft0, …, fcsr');
    }
    expect(() => registers.write("pc", 0n)).toThrow("register pc is set with cpu.setPc");
  });
});
