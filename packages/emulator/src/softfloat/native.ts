import type { Body } from "../wasm/body.js";
import { type Expr, i64 } from "../wasm/expr.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { magnitudeOf } from "./unpack.js";

/**
 * Returns a native result that is finite and larger in magnitude than the smallest normal number: of all
 * flags, rounding it can have raised none but inexact. (The smallest normal number itself may have been
 * rounded up to, and be an underflow.)
 */
export function returnIfNormal<T extends BitsType, F extends FloatType>(
  b: Body,
  format: Format<T, F>,
  value: Expr<F>,
): void {
  const bits = b.let(format.widen(format.native.toBits(value)));
  const first = format.minNormal + 1n;
  const inRange = i64.lt_u(i64.sub(magnitudeOf(format, bits), first), format.infinity - first);
  b.if(inRange, () => b.return(format.narrow(bits)));
}
