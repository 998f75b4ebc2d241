import type { Body } from "../wasm/body.js";
import { type I32, type I64, i32, i64 } from "../wasm/expr.js";
import { Flag, raise } from "./flags.js";
import type { BitsType, Encoding, FloatType, Format } from "./format.js";
import { magnitudeOf } from "./unpack.js";

/** Whether it is a NaN, of either kind. */
export function isNaNBits(format: Encoding, x: I64): I32 {
  return i64.gt_u(magnitudeOf(format, x), format.infinity);
}

/** Whether it is a signaling NaN. */
export function isSignaling(format: Encoding, x: I64): I32 {
  const { infinity, quietBit } = format;
  return i64.lt_u(i64.sub(magnitudeOf(format, x), infinity + 1n), quietBit - 1n);
}

/** Whether it is infinite or a NaN. */
export function isSpecial(format: Encoding, x: I64): I32 {
  return i64.ge_u(magnitudeOf(format, x), format.infinity);
}

/** Whether any of these holds. */
export function anyOf(first: I32, ...others: readonly I32[]): I32 {
  return others.reduce((sum, next) => i32.or(sum, next), first);
}

/** Accrues the invalid flag if one of them is a signaling NaN (IEEE 754-2019, 7.2 a). */
export function raiseIfSignaling(b: Body, format: Encoding, x: I64, ...others: readonly I64[]): void {
  const signaling = others.map((other) => isSignaling(format, other));
  b.if(anyOf(isSignaling(format, x), ...signaling), () => raise(b, Flag.NV));
}

/** Returns the canonical NaN: RISC-V does not propagate payloads. */
export function returnNaN<T extends BitsType, F extends FloatType>(b: Body, format: Format<T, F>): void {
  b.return(format.narrow(i64.const(format.canonicalNaN)));
}

/** Returns the canonical NaN as result of an invalid operation. */
export function returnInvalid<T extends BitsType, F extends FloatType>(b: Body, format: Format<T, F>): void {
  raise(b, Flag.NV);
  returnNaN(b, format);
}
