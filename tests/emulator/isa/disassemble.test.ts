import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decode } from "../../../packages/emulator/src/isa/riscv/decode.js";
import { disassemble } from "../../../packages/emulator/src/isa/riscv/disassemble.js";
import {
  OPTIONAL_EXTENSIONS,
  type OptionalExtension,
} from "../../../packages/emulator/src/isa/riscv/extensions.js";
import type { Instruction } from "../../../packages/emulator/src/isa/riscv/instruction.js";
import { instructionNamed, instructions } from "../../../packages/emulator/src/isa/riscv/table.js";
import { OBJDUMP, objdumpBits, objdumpFile, objdumpPresent } from "./objdump.js";
import { randomWords } from "./random.js";

interface Difference {
  readonly bits: string;
  readonly ours: string;
  readonly objdump: string;
}

const BASE = 0x4000_0000;

/** What we write otherwise than objdump; at most 20, so that a failure can be read. */
function differences(
  words: readonly number[],
  size: 2 | 4,
  aliases: boolean,
  extensions: readonly OptionalExtension[] = [],
): Difference[] {
  const texts = objdumpBits(words, size, aliases, BASE, extensions);
  const found: Difference[] = [];
  words.forEach((bits, i) => {
    const ours = disassemble(bits, BASE + i * size, { aliases, extensions: new Set(extensions) });
    const objdump = texts[i] ?? "";
    if (ours !== objdump && found.length < 20) {
      found.push({ bits: (bits >>> 0).toString(16), ours, objdump });
    }
  });
  return found;
}

/** `sfence.vm` of version 1.9 of the privileged manual, gone since 1.10. */
const isOld = (bits: number): boolean => (bits & ~0xf8000) >>> 0 === 0x10400073;

/** Where one of both does not know an instruction: legal ones with fields to ignore, objdump 2.40; old ones, we. */
function knownOtherwise(bits: number): boolean {
  const decoded = decode(bits);
  if (decoded === undefined) return isOld(bits);
  const { name } = decoded.instruction;
  if (name === "fence") return (bits & 0xf00fff80) !== 0;
  if (name === "fence.i") return bits !== 0x100f;
  return decoded.instruction.operands.includes("rmUnlessZero") && decoded.rm !== 0;
}

/** Reserved, and illegal in QEMU as here; objdump writes it out. */
const C_ADDI16SP_OF_ZERO = 0x6101;

/** Binutils 2.40 is older than Zicond. */
const KNOWN_TO_OBJDUMP = OPTIONAL_EXTENSIONS.filter((extension) => extension !== "Zicond");

const EDGES = [0, 0x7ff, 0x800, 0xfff, 1, 0x3f, 0x20, 0x1f];

/** Many instructions of this row: random fields, then edges of what could be an immediate, every rounding mode. */
function samples({ encoding: { match, mask } }: Instruction, random: () => number): number[] {
  const words: number[] = [];
  const add = (noise: number): void => void words.push((match | (noise & ~mask)) >>> 0);
  for (let i = 0; i < 100; i++) add(random());
  for (const edge of EDGES) add((edge << 20) | (random() & 0x000fffff));
  for (const edge of EDGES) add(((edge >> 5) << 25) | ((edge & 0x1f) << 7) | (random() & 0x01fff07f));
  for (let mode = 0; mode < 8; mode++) add((mode << 12) | (random() & ~0x7000));
  for (let sign = 0; sign < 2; sign++) add((sign << 31) | (random() & 0x7fffffff));
  // Operands for which there are aliases: x0, ra, equal sources.
  for (let i = 0; i < 60; i++) {
    const pick = (): number => [0, 1, random() & 31][random() % 3] ?? 0;
    const [rd, rs1] = [pick(), pick()];
    const rs2 = random() & 1 ? rs1 : pick();
    const high = random() % 3 === 0 ? 0 : random() % 3 === 1 ? 0xfe000000 : random() & 0xfe000000;
    add(high | (rs2 << 20) | (rs1 << 15) | (rd << 7) | (random() & 0x7000));
  }
  return words;
}

describe.skipIf(!objdumpPresent()).each([
  ["without aliases", false],
  ["with aliases", true],
])(`disassembler against objdump, %s (needs ${OBJDUMP})`, (_, aliases) => {
  test("all compressed encodings", () => {
    const all = Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
      (bits) => (bits & 3) !== 3 && bits !== C_ADDI16SP_OF_ZERO,
    );
    expect(differences(all, 2, aliases)).toEqual([]);
  });

  const everyRow = (): number[] => {
    const random = randomWords(1);
    const words = instructions.flatMap((row) => samples(row, random)).filter((w) => !knownOtherwise(w));
    expect(words.length).toBeGreaterThan(instructions.length * 100);
    return words;
  };

  test("every row of the table, for a processor that has only RV64GC", () => {
    expect(differences(everyRow(), 4, aliases)).toEqual([]);
  });

  test("every row of the table, for a processor with all extensions that objdump knows", () => {
    expect(differences(everyRow(), 4, aliases, KNOWN_TO_OBJDUMP)).toEqual([]);
  });

  test("every control and status register", () => {
    const reads = Array.from({ length: 4096 }, (_, csr) => ((csr << 20) | 0x2573) >>> 0);
    const user = [1, 2, 3, 0xc00, 0xc01, 0xc02].flatMap((csr) =>
      [1, 2, 3, 5, 6, 7].flatMap((funct3) =>
        [0, 1].flatMap((rd) =>
          [0, 1].map((rs1) => ((csr << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | 0x73) >>> 0),
        ),
      ),
    );
    expect(differences([...reads, ...user], 4, aliases)).toEqual([]);
  });

  test("random words", () => {
    const random = randomWords(2);
    const words = Array.from({ length: 100_000 }, () => {
      const word = (random() | 3) >>> 0;
      // Bits 4:2 all ones announce an instruction longer than 32 bits.
      return (word & 0x1c) === 0x1c ? (word & ~0x10) >>> 0 : word;
    }).filter((word) => !knownOtherwise(word));
    expect(differences(words, 4, aliases)).toEqual([]);
  });

  const guests = fileURLToPath(new URL("../../../guests/bin", import.meta.url));
  test.each(readdirSync(guests))("the code of guests/bin/%s", (program) => {
    const lines = objdumpFile(join(guests, program), aliases);
    const wrong = lines.filter(({ address, bits, text }) => disassemble(bits, address, { aliases }) !== text);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(lines.length).not.toBe(0);
  });
});

describe.skipIf(!objdumpPresent())(`what objdump does otherwise (needs ${OBJDUMP})`, () => {
  test("legal encodings with ignored fields", () => {
    const words = [0xd2058553, 0xd205f553, 0x4205f553, 0x0330858f, 0x1000100f];
    expect(words.map((word) => disassemble(word, 0))).toEqual([
      "fcvt.d.w fa0,a1",
      "fcvt.d.w fa0,a1,dyn",
      "fcvt.d.s fa0,fa1,dyn",
      "fence rw,rw",
      "fence.i",
    ]);
    expect(words.map(knownOtherwise)).toEqual([false, true, true, true, true]);
  });

  test("c.addi16sp of 0", () => {
    expect(objdumpBits([C_ADDI16SP_OF_ZERO], 2, false)).toEqual(["c.addi16sp sp,0"]);
    expect(disassemble(C_ADDI16SP_OF_ZERO, 0)).toBe(".2byte 0x6101");
  });
});

test("takes bits or what was decoded", () => {
  const decoded = decode(0x8082);
  if (decoded === undefined) throw new Error("0x8082 is c.jr ra");
  expect(disassemble(decoded, 0)).toBe("c.jr ra");
  expect(disassemble(decoded, 0, { aliases: true })).toBe("ret");
});

test("Zicond, by hand: the manual's encodings", () => {
  const texts = [0x0ec5d533, 0x0ec5f533].map((bits) =>
    disassemble(bits, 0, { extensions: new Set(["Zicond"]) }),
  );
  expect(texts).toEqual(["czero.eqz a0,a1,a2", "czero.nez a0,a1,a2"]);
});

test("targets wrap around at 64 bits", () => {
  expect(disassemble(0xffdff06f, 0)).toBe("jal zero,0xfffffffffffffffc");
});

test("atomics name their ordering", () => {
  const { encoding } = instructionNamed("amoadd.w");
  const names = [0, 1, 2, 3].map((order) => disassemble((encoding.match | (order << 25)) >>> 0, 0));
  expect(names.map((text) => text.split(" ")[0])).toEqual([
    "amoadd.w",
    "amoadd.w.rl",
    "amoadd.w.aq",
    "amoadd.w.aqrl",
  ]);
});
