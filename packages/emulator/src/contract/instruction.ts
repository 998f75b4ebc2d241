import type { AccessBytes } from "../isa/riscv/emitter.js";

/**
 * Static facts of one guest instruction at one address, made when its block is translated.
 * The object stays the same for every execution of that translation, so it can be a key of a Map.
 */
export interface Instruction {
  /** Guest address (QEMU: `insn_vaddr`). */
  readonly pc: number;
  /** Bytes: 2 or 4 (QEMU: `insn_size`). */
  readonly size: 2 | 4;
  /** The instruction's bits, little-endian, zero-extended (QEMU: `insn_data`). */
  readonly data: number;
  /** Name in the table: the base instruction that a compressed form stands for, e.g. `addi` for `c.addi`. */
  readonly name: string;
  /** Disassembly as `objdump -d -M no-aliases` prints it, made on first use (QEMU: `insn_disas`). */
  readonly text: string;
  /** Function that holds it, if the symbol table tells (QEMU: `insn_symbol`). */
  readonly symbol: string | undefined;
  /** Bytes of its memory access, if it makes one. */
  readonly accessBytes: AccessBytes | undefined;
  readonly isLoad: boolean;
  /** Stores and atomic read-modify-writes. */
  readonly isStore: boolean;
  /** Conditional branch. */
  readonly isBranch: boolean;
  /** `jal`/`jalr` that links to ra or t0 (unprivileged manual, "Unconditional Jumps", return-address hints). */
  readonly isCall: boolean;
  /** `jalr` through ra or t0 that does not link. */
  readonly isReturn: boolean;
  /** Any unconditional jump, calls and returns included. */
  readonly isJump: boolean;
  /** Always throws {@link SystemModeOnlyError}: host addresses of guest code exist in system mode (QEMU: `insn_haddr`). */
  hardwareAddress(): never;
}

/**
 * A translation block: a run of instructions with one entry, as QEMU's translator cuts them. It ends at a
 * branch, jump, system instruction, CSR access or `fence.i`, at the end of its page, or after 512 instructions.
 */
export interface Block {
  /** Address of its first instruction (QEMU: `tb_vaddr`). */
  readonly pc: number;
  /** Bytes of code. */
  readonly size: number;
  /** Its instructions, in order (QEMU: `tb_n_insns`, `tb_get_insn`). */
  readonly instructions: readonly Instruction[];
  /** Function that holds its first instruction, if the symbol table tells. */
  readonly symbol: string | undefined;
}

/** An instruction that accesses memory, and which of its accesses is meant: an atomic has two. */
export interface AccessSite {
  readonly instruction: Instruction;
  /** Address of the instruction. */
  readonly pc: number;
  /** Bytes accessed: 1, 2, 4 or 8 (QEMU: 1 << `mem_size_shift`). */
  readonly bytes: AccessBytes;
  readonly isStore: boolean;
  readonly isLoad: boolean;
  /** The value is sign-extended when loaded. */
  readonly isSigned: boolean;
  /** RISC-V Linux is little-endian. */
  readonly isBigEndian: false;
  /** Part of an atomic read-modify-write, LR or SC. */
  readonly isAtomic: boolean;
}
