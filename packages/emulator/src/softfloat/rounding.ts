import { type I32, type I64, i32, i64 } from "../wasm/expr.js";

/** Rounding modes as `frm` encodes them (RISC-V unprivileged manual, "F"; IEEE 754-2019, 4.3). */
export const RoundingMode = {
  /** roundTiesToEven */
  RNE: 0,
  /** roundTowardZero */
  RTZ: 1,
  /** roundTowardNegative */
  RDN: 2,
  /** roundTowardPositive */
  RUP: 3,
  /** roundTiesToAway */
  RMM: 4,
} as const;

/**
 * What to add to a magnitude so that dropping its low `guardBits` bits afterwards rounds it in mode `rm`.
 * It is 0 exactly in those cases that round toward zero.
 */
export function roundingIncrement(rm: I32, sign: I32, significand: I64, guardBits: number): I64 {
  const away = (1n << BigInt(guardBits)) - 1n;
  const directed = (towards: number): I64 => i64.select(i32.eq(sign, towards), away, 0);
  return i64.select(
    i32.eq(rm, RoundingMode.RNE),
    nearestEvenIncrement(significand, guardBits),
    i64.select(
      i32.eq(rm, RoundingMode.RMM),
      1n << BigInt(guardBits - 1),
      i64.select(
        i32.eq(rm, RoundingMode.RDN),
        directed(1),
        i64.select(i32.eq(rm, RoundingMode.RUP), directed(0), 0),
      ),
    ),
  );
}

/** The increment of roundTiesToEven: just under one half, and the rest of it if what stays is odd. */
export function nearestEvenIncrement(significand: I64, guardBits: number): I64 {
  const half = 1n << BigInt(guardBits - 1);
  return i64.add(i64.and(i64.shr_u(significand, guardBits), 1), half - 1n);
}
