import { FLOAT_REGISTERS, INTEGER_REGISTERS } from "../../../packages/emulator/src/isa/riscv/registers.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { buildElf } from "../../emulator/elf/build-elf.js";
import { createWriter, type Writer } from "./assembler.js";
import { DUMP_INSNS, dumpRegisters, F0, FCSR, LOAD_INSNS, loadRegisters, X1 } from "./dump.js";
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
    loadRegisters(writer, sequence.pins.anchor, slot);
    const start = writer.pc;
    body(writer, sequence);
    const end = writer.pc;
    dumpRegisters(writer, sequence.pins.anchor);
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
  const harness = sequences.length * (LOAD_INSNS + DUMP_INSNS) + EXIT_SIZE;
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
