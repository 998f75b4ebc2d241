import type { Fields } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import type { AnyRow } from "./assembler.js";
import { ARENA } from "./sequence.js";

// A slot is a page boundary with the arena around it, and the registers behind that: first what they start
// with, in the end what they ended with; then the digest. The dump is all of it.

/** Where registers are kept, relative to their slot: x1 first, then f0, then `fcsr`. */
export const X1: number = ARENA.end;
/** See {@link X1}. */
export const F0: number = X1 + 31 * 8;
/** See {@link X1}. */
export const FCSR: number = F0 + 32 * 8;
/** Bytes of what a round begins with: from the arena to `fcsr`. */
export const RECORD_SIZE: number = FCSR + 8 - ARENA.first;
/** Where a digest of what all rounds have left behind is kept. */
export const DIGEST: number = FCSR + 8;
/** Bytes of a dump. */
export const DUMP_SIZE: number = DIGEST + 8 - ARENA.first;

/** Names of what stands at each eight bytes of a dump. */
export function nameInDump(offset: number): string {
  const at = offset + ARENA.first;
  if (at < ARENA.end) return `memory at slot${at < 0 ? "" : "+"}${at}`;
  if (at < F0) return `x${(at - X1) / 8 + 1}`;
  if (at < FCSR) return `f${(at - F0) / 8}`;
  return at < DIGEST ? "fcsr" : "digest of all rounds";
}

const rows = {
  lui: instructionNamed("lui"),
  addi: instructionNamed("addi"),
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

/** What writes instructions. */
export interface Put {
  put(row: AnyRow, fields: Fields): void;
}

/** Loads all registers from a slot. `anchor` is one that is to hold the slot's address. */
export function loadRegisters({ put }: Put, anchor: number, slot: number): void {
  const other = anchor === 1 ? 2 : 1;
  put(rows.lui, { rd: anchor, imm: slot });
  // Gives up a reservation that may be left from before: there is none at this place.
  put(rows.addi, { rd: other, rs1: anchor, imm: DIGEST });
  put(rows.scd, { rd: other, rs1: other, rs2: 0 });
  put(rows.ld, { rd: other, rs1: anchor, imm: FCSR });
  put(rows.csrrw, { rd: 0, rs1: other, imm: CSR_FCSR });
  for (const f of ALL) put(rows.fld, { rd: f, rs1: anchor, imm: F0 + 8 * f });
  for (const x of ALL)
    if (x !== 0 && x !== anchor) put(rows.ld, { rd: x, rs1: anchor, imm: X1 + 8 * (x - 1) });
}

/** Stores all registers into the slot that `anchor` points at. */
export function storeRegisters({ put }: Put, anchor: number): void {
  const other = anchor === 1 ? 2 : 1;
  for (const x of ALL) if (x !== 0) put(rows.sd, { rs2: x, rs1: anchor, imm: X1 + 8 * (x - 1) });
  for (const f of ALL) put(rows.fsd, { rs2: f, rs1: anchor, imm: F0 + 8 * f });
  put(rows.csrrs, { rd: other, rs1: 0, imm: CSR_FCSR });
  put(rows.sd, { rs2: other, rs1: anchor, imm: FCSR });
}

/** Writes the dump of the slot that a0 points at to standard output. */
export function writeDump({ put }: Put): void {
  put(rows.addi, { rd: A1, rs1: A0, imm: ARENA.first });
  put(rows.addi, { rd: A0, rs1: 0, imm: 1 });
  put(rows.addi, { rd: A2, rs1: 0, imm: DUMP_SIZE });
  put(rows.addi, { rd: A7, rs1: 0, imm: SYS_WRITE });
  put(rows.ecall, {});
}

/** Stores all registers into the slot that `anchor` points at, and writes the dump to standard output. */
export function dumpRegisters(writer: Put, anchor: number): void {
  storeRegisters(writer, anchor);
  writer.put(rows.addi, { rd: A0, rs1: anchor, imm: 0 });
  writeDump(writer);
}

/** Instructions that {@link writeDump} takes. */
export const DUMP_INSNS = 5;
