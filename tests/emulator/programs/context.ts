import type { Fields } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import type { Instruction } from "../../../packages/emulator/src/isa/riscv/instruction.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import type { AnyRow, Pins } from "../../conformance/program/assembler.js";
import { type Assembly, type Label, shortRow } from "./assembly.js";
import { CELLS, DATA_ADDRESS } from "./layout.js";
import type { Roles } from "./roles.js";
import type { Routine, Statement, Test } from "./statement.js";

/** Rows that statements are made of, by name. */
export const row = {
  addi: instructionNamed("addi"),
  add: instructionNamed("add"),
  andi: instructionNamed("andi"),
  sub: instructionNamed("sub"),
  slli: instructionNamed("slli"),
  srli: instructionNamed("srli"),
  lui: instructionNamed("lui"),
  lw: instructionNamed("lw"),
  ld: instructionNamed("ld"),
  sw: instructionNamed("sw"),
  sd: instructionNamed("sd"),
  jalr: instructionNamed("jalr"),
  blt: instructionNamed("blt"),
  bge: instructionNamed("bge"),
  bne: instructionNamed("bne"),
  ecall: instructionNamed("ecall"),
  fencei: instructionNamed("fence.i"),
  cAddi: shortRow("c.addi"),
  cJr: shortRow("c.jr"),
  cJalr: shortRow("c.jalr"),
  cBnez: shortRow("c.bnez"),
  cMv: shortRow("c.mv"),
} as const;

export const [RA, SP] = [1, 2];

/** A slot of code that is rewritten, and where it stands. */
export interface Slot {
  readonly label: Label;
  /** Labels that its function has from behind the slot to its end. */
  readonly behind: readonly Label[];
}

/** All of the program that every function knows. */
export interface Whole {
  readonly asm: Assembly;
  readonly roles: Roles;
  readonly functions: readonly Routine[];
  readonly entries: readonly Label[];
  readonly slots: readonly Slot[];
  /** Where everything ends. */
  readonly finish: Label;
  /** Behind the last instruction. */
  readonly end: Label;
  /** Tables of functions by their link register: index of the first of four words. */
  readonly tables: ReadonlyMap<number, number>;
  /** Whether the code must be writable. Statements set it. */
  writable: boolean;
  /** Slots placed so far. */
  placedSlots: number;
}

/** The loop around a statement. */
export interface Around {
  readonly leave: Label;
  readonly next: Label;
}

/** What is known where a statement is written. */
export interface Context {
  readonly whole: Whole;
  readonly asm: Assembly;
  readonly pins: Pins;
  readonly function: Routine;
  readonly index: number;
  /** Labels of all statements of the function, and of its end. */
  readonly labels: readonly Label[];
  /** Statements placed so far. */
  readonly placed: { count: number };
  readonly around: Around | undefined;
  readonly depth: number;
}

/** Statements right inside of another. */
function inside(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "if":
      return [statement.yes, statement.no];
    case "loop":
      return [statement.body];
    case "switch":
      return statement.cases;
    default:
      return [];
  }
}

/** All statements, in the order in which they are written. */
export function* everyStatement(list: readonly Statement[]): Iterable<Statement> {
  for (const statement of list) {
    yield statement;
    for (const part of inside(statement)) yield* everyStatement(part);
  }
}

/** A register that is not pinned, nor x0, nor one of `others`. */
export function free({ pins }: Context, register: number, ...others: readonly number[]): number {
  let found = register % 32;
  while (found === 0 || pins.all.has(found) || others.includes(found)) found = (found + 1) % 32;
  return found;
}

/** A register that survives a return. */
export const freeOfLinks = (context: Context, register: number): number => free(context, register, 1, 5);

/** Fields whose destination is not pinned. */
export function harmless(context: Context, of: Instruction, fields: Fields): Fields {
  return of.operands.includes("rd") ? { ...fields, rd: unpinned(context, fields.rd ?? 0) } : fields;
}

/** This register, or one that is not pinned. x0 stays. */
export function unpinned({ pins }: Context, register: number): number {
  let found = register;
  while (pins.all.has(found)) found = (found + 1) % 32;
  return found;
}

/** Puts a number from 0 to 2^31-1 into a register. */
export function loadNumber({ asm }: Context, rd: number, value: number): void {
  const low = (value << 20) >> 20;
  const upper = value !== low;
  if (upper) asm.put(row.lui, { rd, imm: value - low });
  asm.put(row.addi, { rd, rs1: upper ? rd : 0, imm: low });
}

/** Loads or stores eight bytes (or what `of` says) at a known address, through a register that is overwritten. */
export function at({ asm }: Context, of: AnyRow, via: number, address: number, fields: Fields): void {
  const low = (address << 20) >> 20;
  asm.put(row.lui, { rd: via, imm: address - low });
  asm.put(of, { ...fields, rs1: via, imm: low });
}

/** Address of the word with this index. */
export const wordAddress = (index: number): number => DATA_ADDRESS + 8 * index;

/** Address of a cell that keeps a place to leap to: its stack, then its pc. */
export const markCell = (cell: number): number => CELLS + 16 * (cell % 4);
/** Address of a cell that keeps a function with this link register. */
export const functionCell = (link: number, cell: number): number =>
  CELLS + 64 + (link === RA ? 0 : 24) + 8 * (cell % 3);
/** Address of a loop's counter in memory. */
export const counterCell = (index: number, depth: number): number =>
  CELLS + 128 + 8 * (8 * index + (depth % 8));

/** Spends fuel; ends the program when there is none left. */
export function burn({ asm, whole }: Context, amount: number): void {
  const { fuel } = whole.roles;
  for (let left = amount; left > 0; left -= 2000) {
    asm.put(row.addi, { rd: fuel, rs1: fuel, imm: -Math.min(left, 2000) });
  }
  asm.branch(row.blt, { rs1: fuel, rs2: 0 }, whole.finish);
}

/** Branches to a label if a test holds. */
export function branch({ asm }: Context, { row: of, rs1, rs2 }: Test, to: Label): void {
  if (of.name.startsWith("c.")) asm.branch(of, { rs1: 8 | (rs1 & 7) }, to);
  else asm.branch(of, { rs1, rs2 }, to);
}
