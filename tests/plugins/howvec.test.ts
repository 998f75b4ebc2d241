import { plugin } from "@qpp/core";
import { block, instruction, machineStreams } from "@qpp/emulator/testing";
import { howvec as howvecContract } from "@qpp/plugins/howvec/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { disassemble } from "../../packages/emulator/src/isa/riscv/disassemble.js";
import { encode } from "../../packages/emulator/src/isa/riscv/encoding.js";
import { EVERY_EXTENSION } from "../../packages/emulator/src/isa/riscv/extensions.js";
import { compressedInstructions } from "../../packages/emulator/src/isa/riscv/rvc.js";
import { instructions } from "../../packages/emulator/src/isa/riscv/table.js";
import { CLASSES, classOf } from "../../packages/plugins/src/howvec/classes.js";
import { guest } from "../emulator/machine/rig.js";
import { classByMnemonic } from "./class-by-mnemonic.js";
import { load } from "./load.js";
import { dump, hasObjdump, NEEDS_OBJDUMP } from "./objdump.js";
import { foundByPeer, hasPeers, NEEDS_PEERS } from "./peer.js";
import { resultOf, rigWith } from "./real.js";

const mixed = block(0x1000, ["c.addi a0,1", "addi a0,a0,2", "mul a0,a0,a1", "c.ld a0,8(s0)", "c.jr ra"]);

describe("howvec", () => {
  it.each(["on", "off"])("counts classes with inline=%s, in the order of the table", async (inline) => {
    const { fake, result, summary } = await load({ howvec: { inline } });
    fake.execute(mixed);
    fake.execute(mixed, 1);
    expect(result("howvec")).toEqual({
      classes: { ret: 2, load: 2, mul: 2, arith: 4 },
      instructions: [],
    });
    expect(summary("howvec")).toBe(
      [
        "class             name   hits",
        "Return            ret       2",
        "Load              load      2",
        "Integer multiply  mul       2",
        "Add, subtract     arith     4",
      ].join("\n"),
    );
  });

  it("counts a class instruction by instruction, or not at all", async () => {
    const { fake, result, summary } = await load({ howvec: { count: "arith,!mul,!amo" } });
    fake.execute(mixed);
    fake.execute(block(0x2000, ["addi a0,a0,2", "jal ra,0x1000"]));
    expect(result("howvec")).toEqual({
      classes: { call: 1, ret: 1, load: 1, arith: 3 },
      instructions: [
        { text: "addi a0,a0,2", opcode: "0x00250513", class: "arith", count: 2 },
        { text: "c.addi a0,1", opcode: "0x00000505", class: "arith", count: 1 },
      ],
    });
    expect(summary("howvec")).toBe(
      [
        "class                    name   hits",
        "Call                     call   1",
        "Return                   ret    1",
        "Atomic memory operation  amo    not counted",
        "Load                     load   1",
        "Integer multiply         mul    not counted",
        "Add, subtract            arith  counted individually",
        "",
        "instruction   hits  opcode      class",
        "addi a0,a0,2     2  0x00250513  arith",
        "c.addi a0,1      1  0x00000505  arith",
      ].join("\n"),
    );
  });

  it("lists classes without hits with verbose=on, and 50 instructions at most", async () => {
    const { fake, result, summary } = await load({ howvec: { verbose: "on", count: "arith" } });
    for (let i = 0; i < 60; i++) fake.execute(block(0x1000, [`addi a0,a0,${i}`]));
    expect(Object.keys((result("howvec") as { classes: object }).classes)).toEqual(
      CLASSES.map(({ name }) => name),
    );
    expect(result("howvec")).toHaveProperty("instructions.length", 60);
    expect(summary("howvec")?.match(/^addi /gm)).toHaveLength(50);
  });

  it("refuses a class that there is not", async () => {
    const { refused } = await load({ howvec: { count: "hint" } });
    expect(refused).toEqual([expect.stringContaining("it must be one of branch, call, ret, ")]);
  });

  it("offers its counts to others", async () => {
    let classes: readonly { name: string; count: number }[] = [];
    const reader = plugin("reader", {
      requires: { howvec: howvecContract },
      install({ howvec, report }) {
        report(() => {
          classes = howvec.classes();
        });
      },
    });
    const { fake, result } = await load({}, [reader]);
    fake.execute(mixed);
    result("reader");
    expect(classes.filter(({ count }) => count > 0)).toEqual([
      { name: "ret", title: "Return", count: 1 },
      { name: "load", title: "Load", count: 1 },
      { name: "mul", title: "Integer multiply", count: 1 },
      { name: "arith", title: "Add, subtract", count: 2 },
    ]);
  });

  it("counts every instruction of any stream once, inline or not", async () => {
    await fc.assert(
      fc.asyncProperty(machineStreams(), fc.constantFrom("on", "off"), async (stream, inline) => {
        const { fake, result } = await load({ howvec: { inline, count: "load" } });
        fake.play(stream);
        const expected: Record<string, number> = {};
        for (const event of stream.events) {
          if (event.kind !== "instruction") continue;
          const { name } = classOf(event.instruction);
          expected[name] = (expected[name] ?? 0) + 1;
        }
        const { classes, instructions } = result("howvec") as {
          classes: Record<string, number>;
          instructions: { count: number }[];
        };
        expect(classes).toEqual(expected);
        expect(instructions.reduce((sum, { count }) => sum + count, 0)).toBe(expected.load ?? 0);
      }),
    );
  });
});

/** `jalr zero,0(ra)` */
const RET = 0x8067;

/** Bits of every instruction that there is, compressed ones included, with operands that none of them must not have. */
function everyInstruction(): readonly number[] {
  const fields = { rd: 10, rs1: 11, rs2: 12, rs3: 13, imm: 0x1_0010, pred: 15, succ: 15 };
  const encoded = [...instructions, ...compressedInstructions].map(({ encoding }) =>
    encode(encoding, fields),
  );
  return [...encoded.map((bits) => bits >>> 0), RET];
}

/** Counts by class of instructions that were counted by their bits. */
function sumsByMnemonic(
  counts: readonly (readonly [opcode: number, count: number])[],
): Record<string, number> {
  const dumped = dump(counts.map(([opcode]) => opcode));
  const sums: Record<string, number> = {};
  for (const [opcode, count] of counts) {
    const name = classByMnemonic(dumped.get(opcode) ?? { name: "?", operands: "" });
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

describe("classes of instructions", () => {
  it("have names of their own", () => {
    const names = CLASSES.map(({ name }) => name);
    expect([...new Set(names)]).toEqual(names);
  });

  it.skipIf(!hasObjdump)(`are those of objdump's mnemonics, for every instruction ${NEEDS_OBJDUMP}`, () => {
    const opcodes = everyInstruction();
    const dumped = dump(opcodes);
    const expected: string[] = [];
    const told = opcodes.map((bits) => {
      const text = disassemble(bits, 0, { extensions: EVERY_EXTENSION });
      const [name = "", operands = ""] = text.split(" ");
      // This objdump knows no extensions but those of RV64GC in a file that is nothing but code.
      const read = dumped.get(bits);
      expected.push(classByMnemonic(!read || read.name.startsWith(".") ? { name, operands } : read));
      return classOf(instruction(0, text)).name;
    });
    expect(told).toEqual(expected);
    expect(new Set(told)).toEqual(new Set(CLASSES.map(({ name }) => name)));
  });

  it.skipIf(!hasObjdump).each([["nbody", "10"], ["qsort", "500"], ["hello"]])(
    `add up to what objdump makes of a trace of %s ${NEEDS_OBJDUMP}`,
    async (program, ...args) => {
      const rig = await rigWith(guest(program, ...args), { howvec: {} });
      const counts = rig.api.instructions.executed.countBy(({ data }) => data >>> 0);
      rig.run();
      expect(resultOf(rig, "howvec")).toHaveProperty("classes", sumsByMnemonic([...counts.entries()]));
    },
  );

  it.skipIf(!hasObjdump || !hasPeers).each([["count-loop", "one", "two"], ["count-calls"], ["exit-code"]])(
    `add up to what QEMU executes of %s ${NEEDS_PEERS} ${NEEDS_OBJDUMP}`,
    async (program, ...args) => {
      const rig = await rigWith(guest(program, ...args), { howvec: {} });
      rig.run();
      const counts = foundByPeer("opcodes", program, ...args) as [number, number][];
      expect(resultOf(rig, "howvec")).toHaveProperty("classes", sumsByMnemonic(counts));
    },
  );
});
