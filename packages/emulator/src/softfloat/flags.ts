import { FCSR } from "../memory/layout.js";
import type { Body } from "../wasm/body.js";
import { type I32, i32 } from "../wasm/expr.js";

/** Accrued exception flags, `fflags` of `fcsr` (RISC-V unprivileged manual, "F", table "Accrued exception flag encoding"). */
export const Flag = {
  /** Inexact. */
  NX: 1,
  /** Underflow. */
  UF: 2,
  /** Overflow. */
  OF: 4,
  /** Division by zero. */
  DZ: 8,
  /** Invalid operation. */
  NV: 16,
} as const;

const fcsr = (): I32 => i32.load(0, FCSR);

/** Accrues flags. */
export function raise(b: Body, flags: number): void {
  b.store(0, i32.or(fcsr(), flags), FCSR);
}

/** Accrues the inexact flag if `inexact` is not 0; stores only what is new, as the flag is nearly always set already. */
export function raiseInexact(b: Body, inexact: I32): void {
  b.if(i32.and(i32.eqz(i32.and(fcsr(), Flag.NX)), i32.ne(inexact, 0)), () => raise(b, Flag.NX));
}

/**
 * Whether the native operation may stand in: the mode is RNE (0) and the inexact flag is accrued already, so
 * a rounding leaves no trace but in the result.
 */
export function nearestAndInexact(rm: I32): I32 {
  return i32.gt_u(i32.and(fcsr(), Flag.NX), rm);
}
