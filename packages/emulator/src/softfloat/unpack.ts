import type { Body, Variable } from "../wasm/body.js";
import { type I32, type I64, i32, i64 } from "../wasm/expr.js";
import type { Encoding } from "./format.js";

/**
 * A finite number, taken apart: `(-1)^sign * significand * 2^(exponent - bias - 62)`. The significand's
 * leading bit is bit 62, subnormal numbers included. Zero has significand 0, and an exponent below that of
 * any other number.
 */
export interface Unpacked {
  readonly sign: Variable<"i32">;
  readonly exponent: Variable<"i32">;
  readonly significand: Variable<"i64">;
}

/** The sign bit: 0 or 1. */
export function signOf(format: Encoding, x: I64): I32 {
  return i32.wrap_i64(i64.shr_u(x, format.fractionBits + format.exponentBits));
}

/** The number without its sign. Magnitudes order as unsigned integers, with infinity and then NaNs at the end. */
export function magnitudeOf(format: Encoding, x: I64): I64 {
  return i64.and(x, format.magnitudeMask);
}

/** The biased exponent field. */
function exponentField(format: Encoding, x: I64): I32 {
  return i32.and(i32.wrap_i64(i64.shr_u(x, format.fractionBits)), format.maxExponent);
}

/** Takes a finite number apart. */
export function unpack(b: Body, format: Encoding, x: Variable<"i64">): Unpacked {
  const { fractionBits, guardBits, minNormal, fractionMask } = format;
  const sign = b.let(signOf(format, x));
  const exponent = b.let(exponentField(format, x));
  const significand = b.let(i64.and(x, fractionMask));
  b.if(
    i32.eqz(exponent),
    () => {
      const zeros = b.let(i64.clz(significand));
      b.set(exponent, i32.sub(64 - fractionBits, i32.wrap_i64(zeros)));
      b.set(significand, i64.shl(significand, i64.sub(zeros, 1)));
    },
    () => b.set(significand, i64.shl(i64.or(significand, minNormal), guardBits)),
  );
  return { sign, exponent, significand };
}
