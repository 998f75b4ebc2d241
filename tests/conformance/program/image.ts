import { FLOAT_REGISTERS, INTEGER_REGISTERS } from "../../../packages/emulator/src/isa/riscv/registers.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { buildElf } from "../../emulator/elf/build-elf.js";
import { createWriter, type Pins, type Writer } from "./assembler.js";
import { DUMP_INSNS, F0, FCSR, loadRegisters, RECORD_SIZE, storeRegisters, writeDump, X1 } from "./dump.js";
import { CODE_ADDRESS, DATA_ADDRESS, POOL_ADDRESS, SLOT_SIZE } from "./layout.js";
import { drawOperand } from "./operands.js";
import { createRandom, type Random } from "./random.js";
import { END_INSNS, endRound, NEXT_RECORD, writeRoundEnd } from "./rounds.js";
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

const rows = {
  addi: instructionNamed("addi"),
  bne: instructionNamed("bne"),
  ecall: instructionNamed("ecall"),
} as const;

const [A0, A7] = [10, 17] as const;
const SYS_EXIT_GROUP = 94;

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

/** Puts addresses into the registers that hold some: what rounds begin with is not made for a sequence. */
function makePointers({ put }: Writer, { anchor, pointers }: Pins): void {
  for (const { register, offset } of pointers)
    if (register !== anchor) put(rows.addi, { rd: register, rs1: anchor, imm: offset });
}

/** Draws a record into `words`; `at` is where its slot would be. */
function drawRecord(random: Random, words: Uint32Array, at: number): void {
  const word = (offset: number): number => at + offset / 4;
  for (let o = ARENA.first; o < ARENA.end; o += 8) drawOperand(random, "memory", words, word(o));
  for (let o = X1; o < F0; o += 8) drawOperand(random, "integer", words, word(o));
  for (let o = F0; o < FCSR; o += 8) drawOperand(random, "float", words, word(o));
}

/** Sets a 64-bit word whose upper half is 0. */
function set(words: Uint32Array, at: number, value: number): void {
  words[at] = value;
  words[at + 1] = 0;
}

/** What rounds after the first begin with. Each record depends on the seed and its number alone. */
function drawPool({ seed, from, count }: Rounds): Uint32Array {
  const words = new Uint32Array(((count - 1) * RECORD_SIZE) / 4);
  for (let i = 0; i < count - 1; i++) {
    const at = (i * RECORD_SIZE - ARENA.first) / 4;
    drawPooled(seed, from + i + 1, words, at);
  }
  return words;
}

function drawPooled(seed: number, round: number, words: Uint32Array, at: number): void {
  const random = createRandom(Math.imul(seed, 0x9e37_79b1) + round);
  drawRecord(random, words, at);
  const [mode, flags] = [random() % 5, random() % 32];
  set(words, at + FCSR / 4, (mode << 5) | flags);
}

/** Fills a slot: `at` is where it is in `words`, in words. */
function fill(words: Uint32Array, at: number, slot: number, sequence: Sequence, rounds: Rounds): void {
  const { seed, fcsr, pins } = sequence;
  if (rounds.from > 0) {
    drawPooled(rounds.seed, rounds.from, words, at);
  } else {
    drawRecord(createRandom(seed), words, at);
    set(words, at + FCSR / 4, fcsr);
  }
  for (const { register, offset } of pins.pointers)
    set(words, at + (X1 + 8 * (register - 1)) / 4, slot + offset);
  set(words, at + NEXT_RECORD / 4, POOL_ADDRESS);
}

/** How often sequences are executed, each time with other registers and memory. */
export interface Rounds {
  readonly count: number;
  /** The first of them: 0 begins with what belongs to the sequence, others with what is drawn from the seed. */
  readonly from: number;
  readonly seed: number;
}

/** Once, with what belongs to the sequence. */
const ONE_ROUND: Rounds = { count: 1, from: 0, seed: 0 };

/** Builds the program. Behind the last sequence, it exits with status 0. */
export function buildImage(sequences: readonly Sequence[], rounds: Rounds = ONE_ROUND): Image {
  const writer = createWriter(CODE_ADDRESS);
  const data = new Uint32Array(((sequences.length + 1) * SLOT_SIZE) / 4);
  const roundEnd = writeRoundEnd(writer, rounds.count);
  let harness = 1 + EXIT_SIZE;
  const placed = sequences.map((sequence, i) => {
    const slot = DATA_ADDRESS + (i + 1) * SLOT_SIZE;
    fill(data, ((i + 1) * SLOT_SIZE) / 4, slot, sequence, rounds);
    const begin = writer.pc;
    loadRegisters(writer, sequence.pins.anchor, slot);
    makePointers(writer, sequence.pins);
    const start = writer.pc;
    body(writer, sequence);
    const end = writer.pc;
    storeRegisters(writer, sequence.pins.anchor);
    const around = start - begin + (writer.pc - end);
    endRound(writer, sequence.pins.anchor, begin, roundEnd);
    writeDump(writer);
    harness += rounds.count * (around / 4 + END_INSNS.always + roundEnd.always);
    harness += (rounds.count - 1) * (END_INSNS.further + roundEnd.further) + DUMP_INSNS;
    return { sequence, start, end, slot };
  });
  writer.put(rows.addi, { rd: A7, rs1: 0, imm: SYS_EXIT_GROUP });
  writer.put(rows.addi, { rd: A0, rs1: 0, imm: 0 });
  writer.put(rows.ecall, {});
  const { bytes, mnemonics } = writer.finish();
  const pool = drawPool(rounds);
  const elf = buildElf({
    segments: [
      { address: CODE_ADDRESS, flags: 5, bytes },
      { address: DATA_ADDRESS, flags: 6, bytes: new Uint8Array(data.buffer) },
      ...(pool.length > 0 ? [{ address: POOL_ADDRESS, flags: 4, bytes: new Uint8Array(pool.buffer) }] : []),
    ],
  });
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
