import { FLOAT_REGISTERS, INTEGER_REGISTERS } from "../../../packages/emulator/src/isa/riscv/registers.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { buildElf } from "../../emulator/elf/build-elf.js";
import { createWriter, type Writer } from "./assembler.js";
import { CODE_ADDRESS, DATA_ADDRESS, SLOT_SIZE } from "./layout.js";
import { drawOperand } from "./operands.js";
import { createRandom } from "./random.js";
import { ARENA, type Sequence } from "./sequence.js";

/** Where a sequence stands. */
export interface Placed {
  readonly sequence: Sequence;
  /** First address of its own instructions, and past them. */
  readonly start: number;
  readonly end: number;
  /** Address of its slot. */
  readonly slot: number;
}

/** A program that runs sequences one after the other and dumps what each leaves behind to standard output. */
export interface Image {
  readonly elf: Uint8Array;
  readonly placed: readonly Placed[];
  /** Instructions that are executed around the sequences. */
  readonly harness: number;
  readonly mnemonics: ReadonlyMap<string, number>;
  readonly code: Uint8Array;
  readonly data: Uint8Array;
}

// A slot is a page boundary with the arena around it, and the registers behind that: first what they start
// with, in the end what they ended with. The dump of a sequence is all of it.
const X1 = ARENA.end;
const F0 = X1 + 31 * 8;
const FCSR = F0 + 32 * 8;
/** Bytes that each sequence dumps. */
export const DUMP_SIZE: number = FCSR + 8 - ARENA.first;

/** Names of what stands at each eight bytes of a dump. */
export function nameInDump(offset: number): string {
  const at = offset + ARENA.first;
  if (at < ARENA.end) return `memory at slot${at < 0 ? "" : "+"}${at}`;
  if (at < F0) return `x${(at - X1) / 8 + 1}`;
  return at < FCSR ? `f${(at - F0) / 8}` : "fcsr";
}

const rows = {
  lui: instructionNamed("lui"),
  addi: instructionNamed("addi"),
  bne: instructionNamed("bne"),
  ld: instructionNamed("ld"),
  sd: instructionNamed("sd"),
  fld: instructionNamed("fld"),
  fsd: instructionNamed("fsd"),
  scd: instructionNamed("sc.d"),
  csrrw: instructionNamed("csrrw"),
  csrrs: instructionNamed("csrrs"),
  ecall: instructionNamed("ecall"),
} as const;

const ALL = Array.from({ length: 32 }, (_, i) => i);
const CSR_FCSR = 3;
const [A0, A1, A2, A7] = [10, 11, 12, 17] as const;
const SYS_WRITE = 64;
const SYS_EXIT_GROUP = 94;

function prologue(writer: Writer, { pins: { anchor } }: Sequence, slot: number): void {
  const { put } = writer;
  const other = anchor === 1 ? 2 : 1;
  put(rows.lui, { rd: anchor, imm: slot });
  // Gives up a reservation that the sequence before may have left.
  put(rows.scd, { rd: other, rs1: anchor, rs2: 0 });
  put(rows.ld, { rd: other, rs1: anchor, imm: FCSR });
  put(rows.csrrw, { rd: 0, rs1: other, imm: CSR_FCSR });
  for (const f of ALL) put(rows.fld, { rd: f, rs1: anchor, imm: F0 + 8 * f });
  for (const x of ALL)
    if (x !== 0 && x !== anchor) put(rows.ld, { rd: x, rs1: anchor, imm: X1 + 8 * (x - 1) });
}

function epilogue(writer: Writer, { pins: { anchor } }: Sequence): void {
  const { put } = writer;
  const other = anchor === 1 ? 2 : 1;
  for (const x of ALL) if (x !== 0) put(rows.sd, { rs2: x, rs1: anchor, imm: X1 + 8 * (x - 1) });
  for (const f of ALL) put(rows.fsd, { rs2: f, rs1: anchor, imm: F0 + 8 * f });
  put(rows.csrrs, { rd: other, rs1: 0, imm: CSR_FCSR });
  put(rows.sd, { rs2: other, rs1: anchor, imm: FCSR });
  put(rows.addi, { rd: A1, rs1: anchor, imm: ARENA.first });
  put(rows.addi, { rd: A0, rs1: 0, imm: 1 });
  put(rows.addi, { rd: A2, rs1: 0, imm: DUMP_SIZE });
  put(rows.addi, { rd: A7, rs1: 0, imm: SYS_WRITE });
  put(rows.ecall, {});
}

const PROLOGUE_SIZE = 4 + 32 + 30;
const EPILOGUE_SIZE = 31 + 32 + 2 + 5;
const EXIT_SIZE = 3;

function body(writer: Writer, { atoms, pins, repeat, counter }: Sequence): void {
  if (repeat > 1) writer.put(rows.addi, { rd: counter, rs1: 0, imm: repeat });
  const start = writer.pc;
  writer.atoms(atoms, pins);
  if (repeat > 1) {
    writer.put(rows.addi, { rd: counter, rs1: counter, imm: -1 });
    writer.put(rows.bne, { rs1: counter, rs2: 0, imm: start - writer.pc });
  }
}

/** Fills a slot: `at` is where it is in `words`, in words. */
function fill(words: Uint32Array, at: number, slot: number, { seed, fcsr, pins }: Sequence): void {
  const random = createRandom(seed);
  const word = (offset: number): number => at + offset / 4;
  for (let o = ARENA.first; o < ARENA.end; o += 8) drawOperand(random, "memory", words, word(o));
  for (let o = X1; o < F0; o += 8) drawOperand(random, "integer", words, word(o));
  for (let o = F0; o < FCSR; o += 8) drawOperand(random, "float", words, word(o));
  for (const { register, offset } of pins.pointers) {
    words[word(X1 + 8 * (register - 1))] = slot + offset;
    words[word(X1 + 8 * (register - 1)) + 1] = 0;
  }
  words[word(FCSR)] = fcsr;
}

/** Builds the program. Behind the last sequence, it exits with status 0. */
export function buildImage(sequences: readonly Sequence[]): Image {
  const writer = createWriter(CODE_ADDRESS);
  const data = new Uint32Array(((sequences.length + 1) * SLOT_SIZE) / 4);
  const placed = sequences.map((sequence, i) => {
    const slot = DATA_ADDRESS + (i + 1) * SLOT_SIZE;
    fill(data, ((i + 1) * SLOT_SIZE) / 4, slot, sequence);
    prologue(writer, sequence, slot);
    const start = writer.pc;
    body(writer, sequence);
    const end = writer.pc;
    epilogue(writer, sequence);
    return { sequence, start, end, slot };
  });
  writer.put(rows.addi, { rd: A7, rs1: 0, imm: SYS_EXIT_GROUP });
  writer.put(rows.addi, { rd: A0, rs1: 0, imm: 0 });
  writer.put(rows.ecall, {});
  const { bytes, mnemonics } = writer.finish();
  const elf = buildElf({
    segments: [
      { address: CODE_ADDRESS, flags: 5, bytes },
      { address: DATA_ADDRESS, flags: 6, bytes: new Uint8Array(data.buffer) },
    ],
  });
  const harness = sequences.length * (PROLOGUE_SIZE + EPILOGUE_SIZE) + EXIT_SIZE;
  return { elf, placed, harness, mnemonics, code: bytes, data: new Uint8Array(data.buffer) };
}

/** What each register holds when a sequence begins, by ABI name. */
export function initialRegisters({ data }: Image, { slot }: Placed): ReadonlyMap<string, bigint> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const at = (offset: number): bigint => view.getBigUint64(slot - DATA_ADDRESS + offset, true);
  return new Map([
    ...INTEGER_REGISTERS.map((name, i): [string, bigint] => [name, i === 0 ? 0n : at(X1 + 8 * (i - 1))]),
    ...FLOAT_REGISTERS.map((name, i): [string, bigint] => [name, at(F0 + 8 * i)]),
    ["fcsr", at(FCSR)],
  ]);
}
