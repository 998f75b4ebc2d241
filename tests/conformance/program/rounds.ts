import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { createWriter, type Writer } from "./assembler.js";
import { DIGEST, RECORD_SIZE } from "./dump.js";
import { POOL_ADDRESS } from "./layout.js";
import { ARENA } from "./sequence.js";

// A sequence is executed in rounds, each from its own registers and memory, so that many more instructions are compared than
// have to be made. The first round begins with what its slot holds; each further one has a record of the pool copied there,
// which all sequences of a program have in common.

/** Where a slot keeps the address of the next round's record. */
export const NEXT_RECORD: number = DIGEST + 8;

/** Words of a record. */
const WORDS = RECORD_SIZE / 8;
/** Any odd number: what has once made a difference goes on making it. */
const MULTIPLIER = 0x2545_f495;

const [RA, A0, A1, A2, A3, A4, A5, A6] = [1, 10, 11, 12, 13, 14, 15, 16] as const;

const rows = {
  lui: instructionNamed("lui"),
  addi: instructionNamed("addi"),
  add: instructionNamed("add"),
  sub: instructionNamed("sub"),
  mul: instructionNamed("mul"),
  ld: instructionNamed("ld"),
  sd: instructionNamed("sd"),
  beq: instructionNamed("beq"),
  bne: instructionNamed("bne"),
  jal: instructionNamed("jal"),
  jalr: instructionNamed("jalr"),
} as const;

/** The code that ends rounds. */
export interface RoundEnd {
  readonly address: number;
  /** Instructions that it executes at the end of a round, and besides if another one follows. */
  readonly always: number;
  readonly further: number;
}

function load32({ put }: Writer, rd: number, value: number): void {
  const low = (value << 20) >> 20;
  put(rows.lui, { rd, imm: (value - low) | 0 });
  put(rows.addi, { rd, rs1: rd, imm: low });
}

/** Writes a loop down that runs so often as a5 says; gives the instructions that one of its turns takes. */
function loop(writer: Writer, write: () => void): number {
  const start = writer.pc;
  write();
  writer.put(rows.addi, { rd: A5, rs1: A5, imm: -1 });
  writer.put(rows.bne, { rs1: A5, rs2: 0, imm: start - writer.pc });
  return (writer.pc - start) / 4;
}

/** Writes down what ends a round, and a jump over it. */
export function writeRoundEnd(writer: Writer, rounds: number): RoundEnd {
  const measured = createWriter(0);
  roundEnd(measured, rounds);
  writer.put(rows.jal, { rd: 0, imm: 4 + measured.pc });
  return roundEnd(writer, rounds);
}

/**
 * Writes down what ends a round of the slot that a0 points at, to be called with `ra`: adds all that the round has left behind
 * to the digest, and fetches the next record. Then a1 is 0 if there is none; a0 is kept.
 */
function roundEnd(writer: Writer, rounds: number): RoundEnd {
  const { put } = writer;
  const address = writer.pc;
  put(rows.addi, { rd: A2, rs1: A0, imm: ARENA.first });
  put(rows.ld, { rd: A3, rs1: A0, imm: DIGEST });
  load32(writer, A4, MULTIPLIER);
  put(rows.addi, { rd: A5, rs1: 0, imm: WORDS });
  const digesting = loop(writer, () => {
    put(rows.ld, { rd: A6, rs1: A2, imm: 0 });
    put(rows.mul, { rd: A3, rs1: A3, rs2: A4 });
    put(rows.add, { rd: A3, rs1: A3, rs2: A6 });
    put(rows.addi, { rd: A2, rs1: A2, imm: 8 });
  });
  put(rows.sd, { rs2: A3, rs1: A0, imm: DIGEST });
  put(rows.ld, { rd: A2, rs1: A0, imm: NEXT_RECORD });
  load32(writer, A5, POOL_ADDRESS + (rounds - 1) * RECORD_SIZE);
  put(rows.sub, { rd: A1, rs1: A5, rs2: A2 });
  put(rows.bne, { rs1: A1, rs2: 0, imm: 8 });
  const beforeReturn = writer.pc;
  put(rows.jalr, { rd: 0, rs1: RA, imm: 0 });
  const always = (beforeReturn - address) / 4 + 1 + (WORDS - 1) * digesting;
  const copyFrom = writer.pc;
  put(rows.addi, { rd: A3, rs1: A0, imm: ARENA.first });
  put(rows.addi, { rd: A5, rs1: 0, imm: WORDS });
  const copying = loop(writer, () => {
    put(rows.ld, { rd: A6, rs1: A2, imm: 0 });
    put(rows.sd, { rs2: A6, rs1: A3, imm: 0 });
    put(rows.addi, { rd: A2, rs1: A2, imm: 8 });
    put(rows.addi, { rd: A3, rs1: A3, imm: 8 });
  });
  put(rows.sd, { rs2: A2, rs1: A0, imm: NEXT_RECORD });
  put(rows.jalr, { rd: 0, rs1: RA, imm: 0 });
  // Returning here takes the place of returning above.
  const further = (writer.pc - copyFrom) / 4 - 1 + (WORDS - 1) * copying;
  return { address, always, further };
}

/** Instructions that {@link endRound} takes by itself, and besides if another round follows. */
export const END_INSNS = { always: 4, further: 1 } as const;

/** Ends a round that began at `start` and whose slot `anchor` points at: behind the last one, a0 does. */
export function endRound(writer: Writer, anchor: number, start: number, end: RoundEnd): void {
  writer.put(rows.addi, { rd: A0, rs1: anchor, imm: 0 });
  // It may be further away than `jal` reaches.
  const low = (end.address << 20) >> 20;
  writer.put(rows.lui, { rd: RA, imm: end.address - low });
  writer.put(rows.jalr, { rd: RA, rs1: RA, imm: low });
  writer.put(rows.beq, { rs1: A1, rs2: 0, imm: 8 });
  writer.put(rows.jal, { rd: 0, imm: start - writer.pc });
}
