import {
  type Encoding,
  encode,
  type Fields,
  matches,
} from "../../../packages/emulator/src/isa/riscv/encoding.js";
import { isOptional } from "../../../packages/emulator/src/isa/riscv/extensions.js";
import type {
  CompressedInstruction,
  Instruction,
} from "../../../packages/emulator/src/isa/riscv/instruction.js";
import { compressedInstructions } from "../../../packages/emulator/src/isa/riscv/rvc.js";
import { instructionNamed, instructions } from "../../../packages/emulator/src/isa/riscv/table.js";
import { WITNESSED } from "../witness/cpu.js";
import type { Assembler, Atom, Pointer } from "./assembler.js";

/** Operands as they are drawn; each atom takes what it needs and makes it fit. */
export interface Operands {
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly rs3: number;
  readonly rm: number;
  /** Any 32 bits: the encoding takes those that it has room for. */
  readonly imm: number;
  readonly aq: number;
  readonly rl: number;
  readonly pred: number;
  readonly succ: number;
}

const isPlain = ({ memory, flow }: Instruction): boolean => memory === undefined && flow === "next";
const row = instructionNamed;

function shortNamed(name: string): CompressedInstruction {
  const found = compressedInstructions.find((c) => c.name === name);
  if (found === undefined) throw new Error(`no compressed instruction is called "${name}"`);
  return found;
}

/** Instructions of RV64GC that compute; `fence` and `fence.i` among them. */
export const PLAIN: readonly Instruction[] = instructions.filter(
  (i) => (isPlain(i) || i.extension === "Zifencei") && !isOptional(i.extension),
);
/** Those of the optional extensions that the witness knows. */
export const EXTENDED: readonly Instruction[] = instructions.filter(
  ({ extension }) => isOptional(extension) && WITNESSED.includes(extension),
);
/** Loads and stores. */
export const MEMORY: readonly Instruction[] = instructions.filter(
  (i) => i.memory !== undefined && !i.operands.includes("atomicAddress"),
);
/** Atomics, LR and SC. */
export const ATOMIC: readonly Instruction[] = instructions.filter((i) =>
  i.operands.includes("atomicAddress"),
);
/** Conditional branches. */
export const BRANCH: readonly Instruction[] = instructions.filter((i) => i.flow === "branch");
/** Accesses to control and status registers. */
export const CSR: readonly Instruction[] = instructions.filter((i) => i.operands.includes("csr"));
/** Compressed instructions that compute. */
export const SHORT_PLAIN: readonly CompressedInstruction[] = compressedInstructions.filter((c) =>
  isPlain(c.expansion),
);
/** Compressed loads and stores. */
export const SHORT_MEMORY: readonly CompressedInstruction[] = compressedInstructions.filter(
  (c) => c.expansion.memory !== undefined,
);
/** Compressed branches. */
export const SHORT_BRANCH: readonly CompressedInstruction[] = compressedInstructions.filter(
  (c) => c.expansion.flow === "branch",
);

const ADDI = row("addi");
const ADDIW = row("addiw");
const AUIPC = row("auipc");
const JALR = row("jalr");
const SD = row("sd");
const CSRRW = row("csrrw");
const CSRRS = row("csrrs");
const CSRRWI = row("csrrwi");
const ECALL = row("ecall");
const C_ADDI = shortNamed("c.addi");
const C_JUMPS = { jr: shortNamed("c.jr"), jalr: shortNamed("c.jalr") };

const SP = 2;
const A0 = 10;
const A7 = 17;

function withFreeRd(asm: Assembler, i: Instruction, operands: Operands): Fields {
  return i.operands.includes("rd") ? { ...operands, rd: asm.free(operands.rd) } : { ...operands };
}

/** A register that is not pinned and not x0. */
export const temporary = (asm: Assembler, register: number): number =>
  asm.free(register === 0 ? 1 : register);

/** One computing instruction. */
export function plain(i: Instruction, operands: Operands): Atom {
  return { emit: (asm) => asm.put(i, withFreeRd(asm, i, operands)) };
}

/**
 * One instruction of an optional extension. `ctzw` is given a sign-extended word: of 0 with bits above it, QEMU 7.2 counts to
 * the lowest of those.
 */
export function extended(i: Instruction, operands: Operands): Atom {
  if (i.name !== "ctzw") return plain(i, operands);
  return {
    emit(asm) {
      const via = temporary(asm, operands.rs2);
      asm.put(ADDIW, { rd: via, rs1: operands.rs1, imm: 0 });
      asm.put(i, { ...withFreeRd(asm, i, operands), rs1: via });
    },
  };
}

function pieceOf(
  encoding: Encoding,
  field: string,
): { readonly low: number; readonly base: number } | undefined {
  return encoding.pieces.find((piece) => piece.field === field);
}

/** Makes operands fit into a compressed instruction. */
function shortFields(asm: Assembler, c: CompressedInstruction, operands: Operands): Fields {
  const { encoding } = c;
  const rdPiece = pieceOf(encoding, "rd");
  const rs1Piece = pieceOf(encoding, "rs1");
  const needed = (field: "rd" | "rs1" | "rs2", value: number): number =>
    value === 0 && encoding.nonzero.includes(field) ? 1 : value;
  const made = (field: "rd" | "rs1" | "rs2"): number =>
    pieceOf(encoding, field)?.base === 8 ? 8 | (operands[field] & 7) : needed(field, operands[field]);
  let rd = made("rd");
  if (c.operands.includes("rd")) rd = rdPiece?.base === 8 ? asm.freeShort(rd) : asm.free(rd);
  const rs1 = rdPiece !== undefined && rdPiece.low === rs1Piece?.low ? rd : made("rs1");
  const fields = { rd, rs1, rs2: made("rs2"), imm: operands.imm };
  return matches(encoding, encode(encoding, fields)) ? fields : { ...fields, imm: -1 };
}

const nop = (asm: Assembler): void => asm.put(C_ADDI, {});

/** One compressed computing instruction; a nop if it would write to a pinned register. */
export function shortPlain(c: CompressedInstruction, operands: Operands): Atom {
  return {
    emit(asm) {
      if (c.fixed.rd !== undefined && asm.pins.all.has(c.fixed.rd)) nop(asm);
      else asm.put(c, shortFields(asm, c, operands));
    },
  };
}

/** A load or store at this place of the arena. */
export function memory(i: Instruction, operands: Operands, pointer: number, at: number): Atom {
  return {
    emit(asm) {
      const { pointers } = asm.pins;
      const { register, offset } = pointers[pointer % pointers.length] as Pointer;
      asm.put(i, { ...withFreeRd(asm, i, operands), rs1: register, imm: at - offset });
    },
  };
}

/** A compressed load or store through a pinned register that it can name; a nop if there is none. */
export function shortMemory(c: CompressedInstruction, operands: Operands): Atom {
  return {
    emit(asm) {
      const { pointers } = asm.pins;
      if (c.fixed.rs1 === SP) {
        if (!pointers.some((p) => p.register === SP)) return nop(asm);
        return asm.put(c, shortFields(asm, c, operands));
      }
      const pointer = pointers.find(({ register }) => register >= 8 && register <= 15);
      if (pointer === undefined) return nop(asm);
      asm.put(c, { ...shortFields(asm, c, operands), rs1: pointer.register });
    },
  };
}

/** Puts an address of the arena into a register. */
function address(asm: Assembler, register: number, at: number): void {
  asm.put(ADDI, { rd: register, rs1: asm.pins.anchor, imm: at });
}

/**
 * The aligned place for an atomic. `sc.w` is kept off the multiples of 8, where `lr.d` is: QEMU's `sc.w` after an
 * `lr.d` of the same address compares 32 bits and stores, then compares 64 and may say that it did not.
 */
function align(i: Instruction, at: number): number {
  if (i.name === "sc.w") return at | 4;
  return at & -(i.memory?.bytes ?? 8);
}

/** An atomic at a place of the arena, which is brought into line for it. */
export function atomic(i: Instruction, operands: Operands, at: number): Atom {
  return {
    emit(asm) {
      const aligned = align(i, at & -4);
      const via = temporary(asm, operands.rs1);
      if (aligned !== 0) address(asm, via, aligned);
      asm.put(i, { ...withFreeRd(asm, i, operands), rs1: aligned === 0 ? asm.pins.anchor : via });
    },
  };
}

/** LR, perhaps a store to the same place, SC; of the same width or not. */
export function reservation(
  load: Instruction,
  store: Instruction,
  operands: Operands,
  at: number,
  disturbed: boolean,
): Atom {
  return {
    emit(asm) {
      const { aq, rl, rs2 } = operands;
      const via = temporary(asm, operands.rs1);
      const stored = align(store, at & -8);
      address(asm, via, align(load, stored));
      asm.put(load, { rd: asm.free(operands.rd), rs1: via, aq, rl });
      if (disturbed) asm.put(SD, { rs1: asm.pins.anchor, rs2: operands.rs3, imm: at & -8 });
      address(asm, via, stored);
      asm.put(store, { rd: asm.free(operands.rs3), rs1: via, rs2, aq, rl });
    },
  };
}

/** A branch over the next `skip` atoms. */
export function branch(i: Instruction, operands: Operands, skip: number): Atom {
  return { emit: (asm) => asm.put(i, { ...operands, imm: asm.target(skip) - asm.pc }) };
}

/** The same, compressed. */
export function shortBranch(c: CompressedInstruction, operands: Operands, skip: number): Atom {
  return {
    emit: (asm) => asm.put(c, { ...shortFields(asm, c, operands), imm: asm.target(skip) - asm.pc }),
  };
}

/** A jump over the next `skip` atoms. */
export function jump(long: boolean, operands: Operands, skip: number): Atom {
  return {
    emit(asm) {
      const imm = asm.target(skip) - asm.pc;
      if (long) asm.put(row("jal"), { rd: asm.free(operands.rd), imm });
      else asm.put(shortNamed("c.j"), { imm });
    },
  };
}

/** How an indirect jump is written. */
export type IndirectForm = "full" | keyof typeof C_JUMPS;

/** An indirect jump over the next `skip` atoms; `operands.aq` sets bit 0 of the target, which is to be ignored. */
export function indirectJump(form: IndirectForm, operands: Operands, skip: number): Atom {
  return {
    emit(asm) {
      const via = temporary(asm, operands.rs1);
      const distance = (asm.target(skip) - asm.pc) | operands.aq;
      asm.put(AUIPC, { rd: via, imm: 0 });
      if (form === "full") {
        asm.put(JALR, { rd: asm.free(operands.rd), rs1: via, imm: distance });
        return;
      }
      asm.put(ADDI, { rd: via, rs1: via, imm: distance });
      if (form === "jalr" && asm.pins.all.has(1)) asm.put(C_JUMPS.jr, { rs1: via });
      else asm.put(C_JUMPS[form], { rs1: via });
    },
  };
}

const FFLAGS = 1;
const FRM = 2;
const FCSR = 3;

/** Reads and changes `fflags` in any way. */
export function accessFlags(i: Instruction, operands: Operands): Atom {
  return { emit: (asm) => asm.put(i, { ...operands, rd: asm.free(operands.rd), imm: FFLAGS }) };
}

/** Reads and changes `frm` or `fcsr` in any way, looks what came out, and sets a rounding mode that is valid. */
export function accessMode(i: Instruction, whole: boolean, operands: Operands, mode: number): Atom {
  return {
    emit(asm) {
      const csr = whole ? FCSR : FRM;
      asm.put(i, { ...operands, rd: asm.free(operands.rd), imm: csr });
      asm.put(CSRRS, { rd: asm.free(operands.rs2), rs1: 0, imm: FCSR });
      asm.put(CSRRWI, { rd: asm.free(operands.rs3), rs1: mode, imm: FRM });
    },
  };
}

/** Sets `fcsr` as a whole. */
export function setFcsr(operands: Operands, value: number): Atom {
  return {
    emit(asm) {
      const via = temporary(asm, operands.rs1);
      asm.put(ADDI, { rd: via, rs1: 0, imm: value });
      asm.put(CSRRW, { rd: asm.free(operands.rd), rs1: via, imm: FCSR });
    },
  };
}

/** Reads a counter (cycle, time, instret) into nowhere: its value is no two machines' same. */
export function readCounter(i: Instruction, counter: number): Atom {
  return { emit: (asm) => asm.put(i, { rd: 0, rs1: 0, imm: 0xc00 + counter }) };
}

/** A system call that there is not: `a0` becomes -ENOSYS, and nothing else changes. */
export const unknownSyscall: Atom = {
  emit(asm) {
    if (asm.pins.all.has(A0) || asm.pins.all.has(A7)) return nop(asm);
    asm.put(ADDI, { rd: A7, rs1: 0, imm: 2047 });
    asm.put(ECALL, {});
  },
};
