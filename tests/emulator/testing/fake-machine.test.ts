import { createTestContainer } from "@qpp/core/testing";
import { type Cpu, type MemoryAccess, machine, type SyscallReturn } from "@qpp/emulator/contract";
import { accessSite, block, createFakeMachine, instruction } from "@qpp/emulator/testing";
import fc from "fast-check";
import { toArray } from "rxjs";
import { describe, expect, it } from "vitest";
import { decode, instructionLength } from "../../../packages/emulator/src/isa/riscv/decode.js";
import { disassemble } from "../../../packages/emulator/src/isa/riscv/disassemble.js";

async function loaded(options: Parameters<typeof createFakeMachine>[0] = {}) {
  const fake = createFakeMachine(options);
  const test = createTestContainer();
  await test.load(fake.plugin);
  return { ...test, fake, api: test.container.use(machine) };
}

const loop = block(0x1000, ["addi a0,a0,1", "bne a0,zero,0x1000"], "main");
const other = block(0x1008, ["lw a0,4(s0)", "amoadd.w a1,a0,(s0)", "ecall"], "main");

describe("code of a fake machine", () => {
  it("is what a disassembler writes, for any instruction", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat({ max: 1000 }), (bits, at) => {
        const decoded = decode(bits);
        fc.pre(decoded !== undefined);
        const pc = 0x10_0000 + 2 * at;
        const text = disassemble(bits, pc);
        // Reserved rounding modes and empty fences have no text of their own.
        fc.pre(!text.includes("unknown"));
        const made = instruction(pc, text);
        expect([made.text, made.size, made.name]).toEqual([
          text,
          instructionLength(bits),
          decoded?.instruction.name,
        ]);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(["ret", "nop", "addi a0,a0", "addi a0,a0,5000", "frobnicate", "lw a0,4", "beq a0,a1,0x1", ""])(
    "is refused when it is %s",
    (text) => {
      expect(() => instruction(0x1000, text)).toThrow(/is no instruction as objdump -M no-aliases writes it/);
    },
  );

  it("knows its accesses", () => {
    const [load, atomic, call] = other.instructions;
    if (!load || !atomic || !call) throw new Error("three were made");
    expect(accessSite(load, false)).toMatchObject({
      bytes: 4,
      isLoad: true,
      isSigned: true,
      isAtomic: false,
    });
    expect(accessSite(atomic, true)).toMatchObject({ bytes: 4, isStore: true, isAtomic: true });
    expect(() => accessSite(load, true)).toThrow('"lw a0,4(s0)" makes no store');
    expect(() => accessSite(call, false)).toThrow('"ecall" makes no load');
  });
});

describe("a fake machine", () => {
  it("translates what has not been, and all anew after a flush that a plugin asks for", async () => {
    const { fake, api } = await loaded();
    const seen: string[] = [];
    api.blocks.translated.register((each) => void seen.push(`translated ${each.pc.toString(16)}`));
    api.flushed.register(() => void seen.push("flushed"));
    for (const each of [loop, loop, other]) fake.execute(each);
    api.flush();
    fake.execute(loop);
    expect(seen).toEqual(["translated 1000", "translated 1008", "flushed", "translated 1000"]);
  });

  it("tells where a vCPU is, and what it has executed before", async () => {
    const { fake, api } = await loaded();
    const seen: unknown[] = [];
    const note = (cpu: Cpu): void => void seen.push([cpu.index, cpu.pc.toString(16), cpu.executed]);
    api.blocks.executed.register(note);
    api.instructions.executed.register(note);
    fake.execute(loop);
    fake.execute(loop, 1);
    fake.end(0);
    expect(seen).toEqual([
      [0, "1000", 0],
      [0, "1000", 0],
      [0, "1004", 1],
      [1, "1000", 0],
      [1, "1000", 0],
      [1, "1004", 1],
    ]);
    expect([api.executed(), api.vcpus.count, api.vcpus.list]).toEqual([4, 2, []]);
  });

  it("has memory, which stores change, and registers", async () => {
    const { fake, api } = await loaded();
    const [load, atomic] = other.instructions;
    if (!load || !atomic) throw new Error("they were made");
    expect(api.memory.read(0x8000, 4)).toBeUndefined();
    expect(api.memory.write(0x8000, Uint8Array.of(1))).toBe(false);
    fake.access(atomic, { isStore: true, address: 0x8ffe, value: 0x1_0403_0201n });
    expect(api.memory.read(0x8ffd, 6)).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 0));
    expect(api.memory.write(0x8ffe, new TextEncoder().encode("text"))).toBe(true);
    expect(api.memory.readString(0x8ffe)).toBe("text");
    expect(api.memory.readString(0x8ffe, 2)).toBeUndefined();
    fake.memory.set(0x9fff, Uint8Array.of(65));
    expect(api.memory.readString(0x9fff)).toBeUndefined();
    let sp = -1n;
    api.instructions.executed.register(
      (cpu) => {
        cpu.registers.write("sp", 7n);
        sp = cpu.registers.read("sp");
      },
      { registers: "write" },
    );
    fake.execute(loop);
    expect(sp).toBe(7n);
  });

  it("lends one access object to direct listeners, and gives one away on the Rx lane", async () => {
    const { fake, api } = await loaded();
    const kept: MemoryAccess[] = [];
    const owned: MemoryAccess[] = [];
    api.memory.accessed.register((_cpu, access) => void kept.push(access));
    api.memory.accessed.subscribe(({ access }) => void owned.push(access));
    const [load] = other.instructions;
    if (!load) throw new Error("it was made");
    for (const address of [0x10, 0x20]) fake.access(load, { isStore: false, address, value: 5n });
    expect(kept.map(({ address }) => address)).toEqual([0x20, 0x20]);
    expect(owned.map(({ address, value }) => [address, value])).toEqual([
      [0x10, 5n],
      [0x20, 5n],
    ]);
  });

  it("lets filters answer system calls, with the result on every lane", async () => {
    const { fake, api } = await loaded();
    const results: SyscallReturn[] = [];
    api.syscalls.where(({ name }) => name === "openat").filter(() => -13);
    api.syscalls.returned.subscribe((call) => void results.push(call));
    fake.call({ number: 56, args: [-100], result: 3 });
    fake.call({ number: 63, result: 3 });
    expect(results.map(({ name, result, error }) => [name, result, error])).toEqual([
      ["openat", -13, "EACCES"],
      ["read", 3, undefined],
    ]);
    expect(results[0]?.rawArgs[0]).toBe(2n ** 64n - 100n);
  });

  it("ends where a plugin stops it, and completes streams before it tells", async () => {
    const { fake, api } = await loaded();
    const seen: unknown[] = [];
    api.blocks.executed.pipe(toArray()).subscribe((all) => seen.push(all.length));
    api.exited.register((code, exit) => void seen.push(code, exit.stopped));
    api.instructions.executed.register(() => api.stop(3, "enough"));
    const event = { kind: "block" as const, vcpu: 0, block: loop };
    const step = {
      kind: "instruction" as const,
      vcpu: 0,
      instruction: loop.instructions[0] ?? expect.fail(),
    };
    fake.play({ events: [event, step, event, step] });
    expect(seen).toEqual([1, 3, "enough"]);
    expect(fake.exit).toEqual({ code: 3, signal: undefined, stopped: "enough" });
    expect(() => fake.execute(loop)).toThrow("the guest has ended; nothing can happen any more: block");
  });

  it("refuses what a fixed stream cannot do", async () => {
    const { fake, api } = await loaded();
    api.instructions.executed.register((cpu) => cpu.setPc(0x2000), { registers: "write-pc" });
    expect(() => fake.execute(loop)).toThrow(
      "a plugin set the pc to 0x2000, but what a fake machine plays is fixed",
    );
    expect(() => fake.emit({ kind: "syscall-returned", vcpu: 0, result: 0 })).toThrow(
      "vCPU 0 has not entered a system call",
    );
    expect(() => api.memory.translate(0)).toThrow(/system mode only/);
  });

  it("tells symbols, discontinuities and the process", async () => {
    const { fake, api } = await loaded({ symbols: [{ name: "main", address: 0x1000, size: 8 }] });
    expect(api.program.symbolAt(0x1004)).toEqual({ name: "main", offset: 4 });
    expect(api.program.symbolAt(0x1008)).toBeUndefined();
    fake.process = { pid: 5, ppid: 1, name: "x" };
    expect(api.process().pid).toBe(5);
    const seen: unknown[] = [];
    api.discontinuities.register(({ kind, signal }) => void seen.push(kind, signal));
    fake.emit({
      kind: "discontinuity",
      vcpu: 0,
      type: "exception",
      from: 0x1000,
      to: undefined,
      signal: "SIGSEGV",
    });
    expect(seen).toEqual(["exception", "SIGSEGV"]);
  });

  it("attributes what goes wrong, and takes what a plugin attached out with it", async () => {
    const { fake, api, container, faults } = await loaded();
    api.instructions.executed.register(() => {
      throw new Error("boom");
    });
    fake.execute(block(0x1000, ["addi a0,a0,1"]));
    expect(faults).toMatchObject([{ plugin: "(host)", where: "listener of machine.instructions.executed" }]);
    container.uninstall("machine");
    expect(() => api.executed()).toThrow(/has been uninstalled/);
  });
});
