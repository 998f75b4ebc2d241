import type { Body, Variable } from "../wasm/body.js";
import { type F64, type I64, i64 } from "../wasm/expr.js";

/**
 * Quotients and square roots come from the native f64 operation: WebAssembly rounds it to nearest, so its 53
 * bits are off by at most half a unit. Where the exact value lies, above or below, is told by the sign
 * of the residual, which integers give exactly. That is all that any rounding mode needs to know.
 *
 * This is the 53-bit significand of such a result, as an integer.
 */
export function significand53(b: Body, value: F64): Variable<"i64"> {
  const fraction = i64.and(i64.reinterpret_f64(value), (1n << 52n) - 1n);
  return b.let(i64.or(fraction, 1n << 52n));
}

/**
 * The exact value with its leading bit at bit 62 and a sticky lowest bit: just below the approximation if
 * the residual is negative, just above it if positive, the approximation itself if 0.
 */
export function refine(b: Body, approximation: Variable<"i64">, residual: Variable<"i64">): Variable<"i64"> {
  const scaled = i64.shl(approximation, 10);
  const below: I64 = i64.shr_s(residual, 63);
  return b.let(i64.or(i64.add(scaled, below), i64.extend_i32_u(i64.ne(residual, 0))));
}
