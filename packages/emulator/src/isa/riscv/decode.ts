import { type Encoding, extract, matches } from "./encoding.js";
import { type Extensions, isOptional, RV64GC } from "./extensions.js";
import type { Decoded, Instruction } from "./instruction.js";
import { compressedInstructions } from "./rvc.js";
import { instructions } from "./table.js";

/** How many bytes the instruction takes that begins with these bits. Longer formats than 32 bits are illegal. */
export function instructionLength(bits: number): 2 | 4 {
  return (bits & 3) === 3 ? 4 : 2;
}

/**
 * Rows by the bits that most encodings fix, opcode and funct3: gives the rows that can match bits of this bucket. They are
 * looked for when they are first asked for, as most programs need few of the buckets.
 */
function buckets<T extends { readonly encoding: Encoding }>(
  rows: readonly T[],
  bitsOf: (bucket: number) => number,
  keyMask: number,
): (bucket: number) => readonly T[] {
  const known: (readonly T[] | undefined)[] = [];
  return (bucket) => {
    const found = known[bucket];
    if (found !== undefined) return found;
    const key = bitsOf(bucket);
    const fitting = rows.filter(({ encoding }) => ((encoding.match ^ key) & encoding.mask & keyMask) === 0);
    known[bucket] = fitting;
    return fitting;
  };
}

const OPCODE_AND_FUNCT3 = 0x707f;
function bucketsByOpcode(rows: readonly Instruction[]): (bucket: number) => readonly Instruction[] {
  return buckets(rows, (b) => ((b & 7) << 12) | ((b >> 3) << 2) | 3, OPCODE_AND_FUNCT3);
}
const byOpcode = bucketsByOpcode(instructions.filter((i) => !isOptional(i.extension)));
const optionalByOpcode = bucketsByOpcode(instructions.filter((i) => isOptional(i.extension)));

const QUADRANT_AND_FUNCT3 = 0xe003;
const byQuadrant = buckets(compressedInstructions, (b) => ((b & 7) << 13) | (b >> 3), QUADRANT_AND_FUNCT3);

/**
 * Finds the instruction in 32 bits fetched in little-endian order; a compressed one is in the low 16, and
 * comes back as its expansion. What is reserved or unknown is `undefined`: an illegal instruction.
 * So is what an extension brings that is not among `extensions`.
 * A rounding mode is not looked at: whether it is valid shows when the instruction runs.
 *
 * ```ts
 * decode(0x00a50533)?.instruction.name; // "add"
 * decode(0x952a)?.compressed?.name;     // "c.add"
 * decode(0x20a52533);                   // undefined
 * decode(0x20a52533, new Set(["Zba"])); // sh1add
 * ```
 */
export function decode(bits: number, extensions: Extensions = RV64GC): Decoded | undefined {
  return (bits & 3) === 3 ? decodeFull(bits >>> 0, extensions) : decodeCompressed(bits & 0xffff);
}

function findRow(bits: number, extensions: Extensions): Instruction | undefined {
  const bucket = ((bits >> 12) & 7) | (((bits >> 2) & 31) << 3);
  for (const row of byOpcode(bucket)) if (matches(row.encoding, bits)) return row;
  if (extensions.size === 0) return undefined;
  return optionalByOpcode(bucket).find(
    ({ extension, encoding }) =>
      isOptional(extension) && extensions.has(extension) && matches(encoding, bits),
  );
}

function decodeFull(bits: number, extensions: Extensions): Decoded | undefined {
  const instruction = findRow(bits, extensions);
  if (instruction === undefined) return undefined;
  const { encoding } = instruction;
  return {
    instruction,
    bits,
    length: 4,
    compressed: undefined,
    rd: extract(encoding, "rd", bits),
    rs1: extract(encoding, "rs1", bits),
    rs2: extract(encoding, "rs2", bits),
    rs3: extract(encoding, "rs3", bits),
    rm: extract(encoding, "rm", bits),
    imm: extract(encoding, "imm", bits),
  };
}

function decodeCompressed(bits: number): Decoded | undefined {
  const candidates = byQuadrant((bits >> 13) | ((bits & 3) << 3));
  for (const compressed of candidates) {
    const { encoding, fixed } = compressed;
    if (!matches(encoding, bits)) continue;
    return {
      instruction: compressed.expansion,
      bits,
      length: 2,
      compressed,
      rd: fixed.rd ?? extract(encoding, "rd", bits),
      rs1: fixed.rs1 ?? extract(encoding, "rs1", bits),
      rs2: extract(encoding, "rs2", bits),
      rs3: 0,
      rm: 0,
      imm: extract(encoding, "imm", bits),
    };
  }
  return undefined;
}
