import type { Body, Variable } from "../../wasm/body.js";
import type { Expr, I32, I64, Operand } from "../../wasm/expr.js";

/** How many bytes a memory access touches. */
export type AccessBytes = 1 | 2 | 4 | 8;

/** Exceptions that an instruction can raise by itself (privileged manual, "mcause", exception codes). */
export const Exception = {
  /** Fetched from where nothing may be executed. */
  FETCH_FAULT: 1,
  ILLEGAL_INSTRUCTION: 2,
  BREAKPOINT: 3,
  LOAD_MISALIGNED: 4,
  LOAD_FAULT: 5,
  STORE_MISALIGNED: 6,
  STORE_FAULT: 7,
  ECALL: 8,
} as const;

/** A value of {@link Exception}. */
export type Exception = (typeof Exception)[keyof typeof Exception];

/**
 * What the meaning of an instruction is written in. The interpreter implements it with operands fetched from
 * a predecoded operation; a translator implements it with operands known and registers in locals.
 *
 * Names follow the manual: `rs1` is the value of integer register rs1, `fs1` of floating-point register rs1.
 * Everything that can fault does so where it is written, before anything that is written after it.
 */
export interface Emitter extends Body {
  /** Value of x[rs1]. */
  readonly rs1: I64;
  /** Value of x[rs2]. */
  readonly rs2: I64;
  /** The immediate, sign-extended to 64 bits; for a shift, the shift amount. */
  readonly imm: I64;
  /** The number in the rs1 field: the immediate of `csrrwi` and its like, and whether rs1 is x0. */
  readonly rs1Field: I32;
  /** Address of this instruction. */
  readonly pc: I64;
  /** Address of the instruction after it. */
  readonly next: I64;
  /** Sets x[rd]; nothing happens if rd is x0. */
  setRd(value: Operand<"i64">): void;

  /** Value of f[rs1]: all 64 bits. */
  readonly fs1: I64;
  /** Value of f[rs2]. */
  readonly fs2: I64;
  /** Value of f[rs3]. */
  readonly fs3: I64;
  /** The single in such a value, if it is known to be NaN-boxed; undefined where that has to be looked at. */
  knownSingle(register: I64): I32 | undefined;
  /** Sets f[rd], all 64 bits. */
  setFd(value: Operand<"i64">): void;
  /**
   * The rounding mode of this instruction: 0 RNE, 1 RTZ, 2 RDN, 3 RUP, 4 RMM. A dynamic mode is read from
   * `frm`; an invalid one raises an illegal instruction here.
   */
  roundingMode(): Variable<"i32">;

  /** Loads and extends to 64 bits. Any alignment; raises LOAD_FAULT where a byte is not readable. */
  readMemory(bytes: AccessBytes, signed: boolean, address: Expr<"i64">): Variable<"i64">;
  /** Stores the low bytes of `value`. Any alignment; raises STORE_FAULT, with nothing stored. */
  writeMemory(bytes: AccessBytes, address: Expr<"i64">, value: Expr<"i64">): void;
  /**
   * Reads, combines, writes, as one; gives the old value, sign-extended. Raises STORE_MISALIGNED unless
   * naturally aligned, STORE_FAULT unless the page can be read and written.
   */
  amo(bytes: 4 | 8, address: Expr<"i64">, combine: (old: Variable<"i64">) => Expr<"i64">): Variable<"i64">;
  /** Raises `exception` (LOAD_MISALIGNED or STORE_MISALIGNED) unless `address` is a multiple of `bytes`. */
  requireAligned(bytes: 4 | 8, address: Variable<"i64">, exception: Exception): void;
  /** Address of the LR/SC reservation, all ones if there is none. */
  readonly reservationAddress: I64;
  /** What LR read there. */
  readonly reservationValue: I64;
  /** Makes a reservation. */
  reserve(address: Operand<"i64">, value: Operand<"i64">): void;
  /** Gives the reservation up. */
  cancelReservation(): void;

  /** Goes on at `pc + imm` if the condition holds, else at `next`. Ends the block. */
  branch(condition: Expr<"i32">): void;
  /** Goes on at `pc + imm`. Ends the block. */
  jump(): void;
  /** Goes on at `target`, bit 0 already cleared. Ends the block. */
  jumpIndirect(target: Expr<"i64">): void;

  /** The control and status register that `imm` names; an illegal instruction if there is none. */
  csrRead(): Variable<"i64">;
  /** Writes it; an illegal instruction if it is read-only (unprivileged manual, "Zicsr"). */
  csrWrite(value: Expr<"i64">): void;
  /** Makes stores visible to instruction fetch (Zifencei). */
  fenceI(): void;
  /** Raises an exception at this instruction. */
  raise(exception: Exception): void;
}
