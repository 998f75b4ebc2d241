import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, instructionLength } from "../../../packages/emulator/src/isa/riscv/decode.js";
import { encode, type Field, matches } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import {
  EVERY_EXTENSION,
  isOptional,
  OPTIONAL_EXTENSIONS,
} from "../../../packages/emulator/src/isa/riscv/extensions.js";
import { compressedInstructions } from "../../../packages/emulator/src/isa/riscv/rvc.js";
import { instructionNamed, instructions } from "../../../packages/emulator/src/isa/riscv/table.js";

/** fence.tso and unimp: special cases of rows that follow them. */
const SPECIAL_CASES = [0x8330000f, 0xc0001073];

/** Mnemonic of what these bits are, base form and compressed form. */
function names(bits: number): [string, string | undefined] | undefined {
  const decoded = decode(bits);
  return decoded && [decoded.instruction.name, decoded.compressed?.name];
}

describe("decoding 32 bits", () => {
  test("any bits in the fields of any instruction decode to it, and encode to the same bits", () => {
    fc.assert(
      fc.property(fc.constantFrom(...instructions), fc.nat(0xffffffff), (instruction, noise) => {
        const { encoding } = instruction;
        const bits = (encoding.match | (noise & ~encoding.mask)) >>> 0;
        fc.pre(encoding.mask === -1 || !SPECIAL_CASES.includes(bits));
        const decoded = decode(bits, EVERY_EXTENSION);
        expect(decoded?.instruction.name).toBe(instruction.name);
        if (decoded === undefined) return;
        const { rd, rs1, rs2, rs3, rm, imm } = decoded;
        const kept = encoding.pieces
          .filter(({ field }) => ["rd", "rs1", "rs2", "rs3", "rm", "imm"].includes(field))
          .reduce((mask, { low, width }) => mask | ((2 ** width - 1) << low), encoding.mask);
        expect(encode(encoding, { rd, rs1, rs2, rs3, rm, imm })).toBe((bits & kept) >>> 0);
      }),
      { numRuns: 5000 },
    );
  });

  test("no bits are two instructions, but for fence.tso and unimp, which have names of their own", () => {
    const overlapping: string[] = [];
    instructions.forEach((a, i) => {
      for (const b of instructions.slice(i + 1)) {
        const both = a.encoding.mask & b.encoding.mask;
        if (((a.encoding.match ^ b.encoding.match) & both) === 0) overlapping.push(`${a.name} ${b.name}`);
      }
    });
    expect(overlapping).toEqual(["fence.tso fence", "unimp csrrw"]);
  });

  test("finds the same as a search through the whole table", () => {
    fc.assert(
      fc.property(fc.nat(0x3fffffff), (upper) => {
        const bits = ((upper << 2) | 3) >>> 0;
        expect(decode(bits, EVERY_EXTENSION)?.instruction).toBe(
          instructions.find((i) => matches(i.encoding, bits)),
        );
      }),
      { numRuns: 20000 },
    );
  });

  test.each(OPTIONAL_EXTENSIONS)(
    "what %s brings is an instruction if it is there, and else none",
    (extension) => {
      const others = new Set(OPTIONAL_EXTENSIONS.filter((other) => other !== extension));
      const rows = instructions.filter((i) => i.extension === extension);
      expect(rows.length).toBeGreaterThan(1);
      fc.assert(
        fc.property(fc.constantFrom(...rows), fc.nat(0xffffffff), (row, noise) => {
          const bits = (row.encoding.match | (noise & ~row.encoding.mask)) >>> 0;
          expect(decode(bits, new Set([extension]))?.instruction).toBe(row);
          expect(decode(bits, others)).toBeUndefined();
          expect(decode(bits)).toBeUndefined();
        }),
      );
    },
  );

  test("nothing of RV64GC has to be asked for", () => {
    const base = instructions.filter((i) => !isOptional(i.extension));
    for (const { encoding } of base)
      expect(decode(encoding.match)).toEqual(decode(encoding.match, EVERY_EXTENSION));
  });

  test.each([
    [0xffdff06f, "jal", { rd: 0, imm: -4 }],
    [0x00008067, "jalr", { rd: 0, rs1: 1, imm: 0 }],
    [0xfe000ee3, "beq", { rs1: 0, rs2: 0, imm: -4 }],
    [0x800000b7, "lui", { rd: 1, imm: -0x80000000 }],
    [0xfff58513, "addi", { rd: 10, rs1: 11, imm: -1 }],
    [0x03f59513, "slli", { rd: 10, rs1: 11, imm: 63 }],
    [0xfea5ac23, "sw", { rs1: 11, rs2: 10, imm: -8 }],
    [0xc00025f3, "csrrs", { rd: 11, rs1: 0, imm: 0xc00 }],
    [0x34045073, "csrrwi", { rd: 0, rs1: 8, imm: 0x340 }],
    [0x0e52b52f, "amoswap.d", { rd: 10, rs1: 5, rs2: 5, imm: 0 }],
  ])("%s is %s with its operands", (bits, name, operands) => {
    expect(decode(bits)).toMatchObject({ length: 4, ...operands });
    expect(names(bits)).toEqual([name, undefined]);
  });

  test.each([
    [0xffffffff, "all ones"],
    [0x00000073 | (1 << 7), "ecall with an rd"],
    [0x40001033, "sll with the bit of sra"],
    [0x0200101b, "slliw by 32 and more"],
    [0x1015252f, "lr.w with an rs2"],
    [0x00003063, "a branch of an unknown kind"],
    [0x0000007f, "a format longer than 32 bits"],
  ])("%s (%s) is illegal", (bits) => {
    expect(decode(bits)).toBeUndefined();
  });
});

describe("decoding 16 bits", () => {
  test("no bits are two compressed instructions, but where a row names a special case of a later one", () => {
    const specialCases = new Set(["c.addi16sp", "c.srli64", "c.srai64", "c.slli64"]);
    for (let bits = 0; bits < 0x10000; bits++) {
      const rows = compressedInstructions.filter((row) => matches(row.encoding, bits));
      if (rows.length < 2) continue;
      expect(rows.length).toBe(2);
      expect(specialCases).toContain(rows[0]?.name);
    }
  });

  test("all 65536: encoding the decoded fields gives the bits back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      if ((bits & 3) === 3) continue;
      const decoded = decode(bits);
      if (decoded === undefined) continue;
      const { compressed, rd, rs1, rs2, imm } = decoded;
      if (compressed === undefined) throw new Error(`${bits} is not compressed`);
      const fields: Partial<Record<Field, number>> = { rd, rs1, rs2, imm };
      expect(decoded.length).toBe(2);
      expect(encode(compressed.encoding, fields)).toBe(bits);
    }
  });

  test("what follows in memory does not matter", () => {
    expect(decode(0xffff952a)).toEqual(decode(0x952a));
  });

  test.each([
    [0x0000, "all zeros"],
    [0x0004, "c.addi4spn of 0"],
    [0x8000, "the reserved row of quadrant 0"],
    [0x2001, "c.addiw with rd = x0"],
    [0x6101, "c.addi16sp of 0"],
    [0x6281, "c.lui of 0"],
    [0x9c41, "a reserved row of quadrant 1"],
    [0x4002, "c.lwsp with rd = x0"],
    [0x6002, "c.ldsp with rd = x0"],
    [0x8002, "c.jr with rs1 = x0"],
  ])("%s (%s) is reserved, and illegal", (bits) => {
    expect(decode(bits)).toBeUndefined();
  });

  test.each([
    [0x0001, "addi", "c.addi", { rd: 0, rs1: 0, imm: 0 }],
    [0x0005, "addi", "c.addi", { rd: 0, rs1: 0, imm: 1 }],
    [0x4005, "addi", "c.li", { rd: 0, rs1: 0, imm: 1 }],
    [0x6005, "lui", "c.lui", { rd: 0, imm: 0x1000 }],
    [0x0006, "slli", "c.slli", { rd: 0, imm: 1 }],
    [0x0082, "slli", "c.slli64", { rd: 1, rs1: 1, imm: 0 }],
    [0x8006, "add", "c.mv", { rd: 0, rs1: 0, rs2: 1 }],
    [0x9006, "add", "c.add", { rd: 0, rs1: 0, rs2: 1 }],
  ])("%s is a hint: %s (%s)", (bits, base, compressed, fields) => {
    expect(names(bits)).toEqual([base, compressed]);
    expect(decode(bits)).toMatchObject(fields);
  });

  test.each([
    [0x1141, "addi", { rd: 2, rs1: 2, imm: -16 }],
    [0x7179, "addi", { rd: 2, rs1: 2, imm: -48 }],
    [0x1ffc, "addi", { rd: 15, rs1: 2, imm: 1020 }],
    [0x7ffd, "lui", { rd: 31, imm: -0x1000 }],
    [0x8082, "jalr", { rd: 0, rs1: 1, imm: 0 }],
    [0x9502, "jalr", { rd: 1, rs1: 10, imm: 0 }],
    [0xbffd, "jal", { rd: 0, imm: -2 }],
    [0xfffd, "bne", { rs1: 15, rs2: 0, imm: -2 }],
    [0xfffe, "sd", { rs1: 2, rs2: 31, imm: 504 }],
    [0x9002, "ebreak", { rd: 0, rs1: 0 }],
  ])("%s expands to %s", (bits, name, fields) => {
    expect(decode(bits)).toMatchObject(fields);
    expect(decode(bits)?.instruction).toBe(instructionNamed(name));
  });
});

test("the lowest two bits tell the length", () => {
  expect([0, 1, 2, 3, 0xffff952a, 0x00a50533].map(instructionLength)).toEqual([2, 2, 2, 4, 2, 4]);
});
