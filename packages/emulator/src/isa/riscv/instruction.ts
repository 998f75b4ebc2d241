import type { AccessBytes, Emitter } from "./emitter.js";
import type { Encoding } from "./encoding.js";
import type { Extension } from "./extensions.js";

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
  readonly extension: Extension;
  readonly encoding: Encoding;
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
  /** A rounding mode that assemblers leave out if it is 0, because the result is always exact. */
  | "rmUnlessZero"
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

/** A compressed instruction: another spelling of a base instruction, with no meaning of its own. */
export interface CompressedInstruction {
  /** Mnemonic as `objdump -M no-aliases` writes it. */
  readonly name: string;
  readonly encoding: Encoding;
  /** Operands in the order of the assembler text, in terms of the fields of the expansion. */
  readonly operands: readonly OperandKind[];
  /** The instruction that it stands for. */
  readonly expansion: Instruction;
  /** Fields of the expansion that its own bits do not give. */
  readonly fixed: { readonly rd?: number; readonly rs1?: number };
}

/** An instruction found at an address, with its operands taken out. Fields that it does not have are 0. */
export interface Decoded {
  readonly instruction: Instruction;
  /** The bits as fetched: 16 or 32 of them. */
  readonly bits: number;
  /** 2 or 4 bytes. */
  readonly length: 2 | 4;
  /** The compressed form, if it is one; `instruction` is then its expansion. */
  readonly compressed: CompressedInstruction | undefined;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly rs3: number;
  /** Rounding mode field; 7 means dynamic. */
  readonly rm: number;
  /** Immediate (sign-extended), shift amount, or number of the CSR. Fits in 32 bits, signed. */
  readonly imm: number;
}
