import { describe, expect, it } from "vitest";
import { A0, assemble, DATA, DATA_SIZE, exit, label, li, op, S0, T0, TEXT, to } from "../assemble.js";
import { createRig, program } from "../rig.js";

const UNMAPPED = 0x10_0000;

describe("read_memory_vaddr", () => {
  it("gives a copy of what the guest could read", async () => {
    const code = [...li(T0, 0x1234), ...li(S0, DATA), op("sd", { rs1: S0, rs2: T0 }), ...exit(0)];
    const rig = await createRig(program(code));
    const { memory } = rig.api;
    const before = memory.read(DATA, 8);
    rig.run();
    expect(before).toEqual(new Uint8Array(8));
    expect(memory.read(DATA, 3)).toEqual(Uint8Array.of(0x34, 0x12, 0));
    expect(memory.read(TEXT, 4)).toEqual(assemble(code).bytes.slice(0, 4));
    expect(memory.read(DATA, 0)).toEqual(new Uint8Array(0));
  });

  const bad: readonly (readonly [string, number, number])[] = [
    ["null", 0, 1],
    ["unmapped", UNMAPPED, 1],
    ["past a mapping's end", DATA + DATA_SIZE - 1, 2],
    ["the machine's own memory", 0xc000_0000, 4],
    ["beyond 4 GiB", 2 ** 32 + DATA, 4],
    ["negative", -4, 4],
    ["not a number", Number.NaN, 4],
    ["more than there is", DATA, 2 ** 40],
  ];
  it.each(bad)("is undefined for an address that is %s", async (_, address, length) => {
    const { memory } = (await createRig(program(exit(0)))).api;
    expect(memory.read(address, length)).toBeUndefined();
  });
});

describe("read_memory_vaddr, for strings", () => {
  it("reads up to the 0 byte, as UTF-8", async () => {
    const { memory } = (await createRig(program(exit(0)))).api;
    memory.write(DATA, Buffer.from("grüße\0rest"));
    expect(memory.readString(DATA)).toBe("grüße");
    expect(memory.readString(DATA, 3)).toBeUndefined();
    expect(memory.readString(DATA + 100)).toBe("");
    memory.write(DATA + DATA_SIZE - 2, Buffer.from("xx"));
    expect(memory.readString(DATA + DATA_SIZE - 2)).toBeUndefined();
    for (const address of [0, UNMAPPED, -4, 2 ** 32 + DATA])
      expect(memory.readString(address)).toBeUndefined();
  });
});

describe("write_memory_vaddr", () => {
  it("writes what the guest then reads", async () => {
    const rig = await createRig(
      program([...li(S0, DATA), op("lbu", { rd: A0, rs1: S0, imm: 1 }), ...exit(0).slice(1)]),
    );
    expect(rig.api.memory.write(DATA, Uint8Array.of(1, 77))).toBe(true);
    expect(rig.run().code).toBe(77);
  });

  const bad: readonly (readonly [string, number])[] = [
    ["null", 0],
    ["unmapped", UNMAPPED],
    ["read-only", TEXT],
    ["the machine's own memory", 0xc000_0000],
  ];
  it.each(bad)("is false for an address that is %s", async (_, address) => {
    const { memory } = (await createRig(program(exit(0)))).api;
    expect(memory.write(address, Uint8Array.of(1, 2, 3))).toBe(false);
  });

  it("writes nothing if one byte of it cannot be written", async () => {
    const { memory } = (await createRig(program(exit(0)))).api;
    const last = DATA + DATA_SIZE - 2;
    expect(memory.write(last, Uint8Array.of(1, 2, 3))).toBe(false);
    expect(memory.read(last, 2)).toEqual(Uint8Array.of(0, 0));
  });

  it("to code is seen by the next block", async () => {
    const loop = [
      ...li(T0, 10),
      label("loop"),
      op("addi", { rd: A0, rs1: A0, imm: 1 }),
      op("addi", { rd: T0, rs1: T0, imm: -1 }),
      to("loop", "bne", { rs1: T0, rs2: 0 }),
      ...exit(0).slice(1),
    ];
    const writable = 7;
    const rig = await createRig(program(loop, writable));
    const target = assemble(loop).labels.get("loop") ?? 0;
    const hundred = assemble([op("addi", { rd: A0, rs1: A0, imm: 20 })]).bytes;
    let rounds = 0;
    rig.api.instructions
      .where((i) => i.pc === target)
      .executed.register(() => {
        rounds++;
        if (rounds === 4) expect(rig.api.memory.write(target, hundred)).toBe(true);
      });
    expect(rig.run().code).toBe(4 * 1 + 6 * 20);
    expect(rounds).toBe(10);
  });
});
