import type { Body, Variable } from "../wasm/body.js";
import { type Expr, type F64, f32, f64, i64 } from "../wasm/expr.js";
import { binary32, binary64, type FloatType } from "./format.js";

/** Is given x * y + z: the right number if it is a normal one. */
export type Offer<F extends FloatType> = (value: Expr<F>) => void;

/**
 * Offers x * y + z of singles, rounded to nearest even, if doubles can tell it.
 *
 * The product is exact in a double. The sum is rounded to a double, and the second rounding, to a single, can
 * only go wrong if that double is half-way between two singles: numbers half-way are doubles, so rounding
 * to a double never crosses one.
 */
export function offerFmaSingle(
  b: Body,
  x: Expr<"f32">,
  y: Expr<"f32">,
  z: Expr<"f32">,
  offer: Offer<"f32">,
): void {
  const product = f64.mul(f64.promote_f32(x), f64.promote_f32(y));
  const sum = b.let(f64.add(product, f64.promote_f32(z)));
  const dropped = binary64.fractionBits - binary32.fractionBits;
  const tail = i64.and(i64.reinterpret_f64(sum), (1n << BigInt(dropped)) - 1n);
  b.if(i64.ne(tail, 1n << BigInt(dropped - 1)), () => offer(f32.demote_f64(sum)));
}

/**
 * Offers x * y + z of doubles, rounded to nearest even, if it can be told without integers.
 *
 * Dekker's product and Knuth's 2Sum give x * y + z = sum + (sumError + productError), all exact. Added to one
 * double, the errors are off by less than one unit in their last place. If the sum with that unit more and
 * with that unit less rounds to the same double, so does what lies between.
 *
 * Dekker's product is exact if it is well above the subnormal range; where its splitting overflows, a NaN
 * comes out, which is equal to nothing.
 */
export function offerFmaDouble(b: Body, left: F64, right: F64, addend: F64, offer: Offer<"f64">): void {
  const x = b.let(left);
  const y = b.let(right);
  const z = b.let(addend);
  const product = b.let(f64.mul(x, y));
  b.if(f64.gt(f64.abs(product), 2 ** -900), () => {
    const a = split(b, x);
    const c = split(b, y);
    const high = f64.sub(f64.mul(a.high, c.high), product);
    const middle = f64.add(f64.add(high, f64.mul(a.high, c.low)), f64.mul(a.low, c.high));
    const productError = b.let(f64.add(middle, f64.mul(a.low, c.low)));
    const sum = b.let(f64.add(product, z));
    const part = b.let(f64.sub(sum, product));
    const sumError = f64.add(f64.sub(product, f64.sub(sum, part)), f64.sub(z, part));
    const error = b.let(f64.add(sumError, productError));
    const bits = b.let(i64.reinterpret_f64(error));
    const more = b.let(f64.add(sum, f64.reinterpret_i64(i64.add(bits, 1))));
    const less = b.let(f64.add(sum, f64.reinterpret_i64(i64.sub(bits, 1))));
    b.if(f64.eq(more, less), () => offer(more));
    // Nothing to round.
    b.if(f64.eq(error, 0), () => offer(sum));
  });
}

/** A double as the sum of two of at most 26 bits (Veltkamp's splitting). */
function split(
  b: Body,
  x: Variable<"f64">,
): { readonly high: Variable<"f64">; readonly low: Variable<"f64"> } {
  const scaled = b.let(f64.mul(x, 2 ** 27 + 1));
  const high = b.let(f64.sub(scaled, f64.sub(scaled, x)));
  return { high, low: b.let(f64.sub(x, high)) };
}
