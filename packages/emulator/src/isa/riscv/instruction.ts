import type { AccessBytes, Emitter } from "./emitter.js";

/**
 * How an instruction ends a translation block, if it does. `system` is what QEMU also ends a block at:
 * ecall, ebreak, fence.i and the CSR instructions.
 */
export type Flow = "next" | "branch" | "jump" | "jump-indirect" | "system";

/** What an instruction does to memory, as its encoding tells. */
export interface MemoryAccess {
  readonly bytes: AccessBytes;
  /** Loads extend the sign; meaningless for a store alone. */
  readonly signed: boolean;
  readonly load: boolean;
  /** An atomic read-modify-write is a load and a store. */
  readonly store: boolean;
}

/** One row of the instruction table: encoding, operands and meaning. */
export interface Instruction {
  /** Position in the table; also the number of its handler in the interpreter. */
  readonly id: number;
  /** Mnemonic as `objdump -M no-aliases` writes it. */
  readonly name: string;
  /** Extension that brings it: "I", "M", "A", "F", "D", "Zicsr", "Zifencei". */
  readonly extension: string;
  /** It is this instruction if `(bits & mask) === match`. */
  readonly mask: number;
  readonly match: number;
  /** Operands in the order of the assembler text; the format of the immediate is among them. */
  readonly operands: readonly OperandKind[];
  readonly flow: Flow;
  readonly memory: MemoryAccess | undefined;
  /** What it means. */
  readonly meaning: (e: Emitter) => void;
}

/** What stands at one place of the assembler text. */
export type OperandKind =
  | "rd"
  | "rs1"
  | "rs2"
  | "fd"
  | "fs1"
  | "fs2"
  | "fs3"
  | "rm"
  | "imm12"
  | "upper20"
  | "shamt6"
  | "shamt5"
  | "uimm5"
  | "csr"
  | "branchTarget"
  | "jumpTarget"
  | "loadAddress"
  | "storeAddress"
  | "atomicAddress"
  | "fence";

/** An instruction found at an address, with its operands taken out. Fields that it does not have are 0. */
export interface Decoded {
  readonly instruction: Instruction;
  /** The bits as fetched: 16 or 32 of them. */
  readonly bits: number;
  /** 2 or 4 bytes. */
  readonly length: 2 | 4;
  /** The mnemonic of the compressed form, if it is one. */
  readonly compressed: string | undefined;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly rs3: number;
  /** Rounding mode field; 7 means dynamic. */
  readonly rm: number;
  /** Immediate (sign-extended), shift amount, or number of the CSR. Fits in 32 bits, signed. */
  readonly imm: number;
}
