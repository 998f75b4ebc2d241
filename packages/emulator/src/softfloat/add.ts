import type { Body, Variable } from "../wasm/body.js";
import { type Expr, type I32, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { nearestAndInexact } from "./flags.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { anyOf, isNaNBits, isSpecial, raiseIfSignaling, returnInvalid, returnNaN } from "./nan.js";
import { type RoundAndPack, returnRounded, signMask } from "./round-and-pack.js";
import { RoundingMode } from "./rounding.js";
import { magnitudeOf, unpack } from "./unpack.js";
import { shiftRightJam } from "./wide.js";

/** Two operands and a rounding mode. */
export type BinaryFunc<T extends BitsType> = Func<readonly [T, T, "i32"], T>;

/**
 * Makes addition and subtraction (IEEE 754-2019, 5.4.1).
 *
 * A native sum that is finite can only have been inexact: a sum that is subnormal is exact, so it does not
 * underflow. It is taken if that changes no flag, because the inexact flag is accrued or the error is 0.
 */
export function addition<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): { readonly add: BinaryFunc<T>; readonly sub: BinaryFunc<T> } {
  const exact = exactSum(format, roundAndPack);
  const { name, type, native } = format;
  const add = func(`${name}.add`, [type, type, "i32"], type, (b, [x, y, rm]) => {
    returnNativeSum(b, format, native.fromBits(x), native.fromBits(y), rm);
    b.return(b.call(exact, x, y, rm));
  });
  const sub = func(`${name}.sub`, [type, type, "i32"], type, (b, [x, y, rm]) => {
    const negated = format.narrow(i64.xor(format.widen(y), format.signBit));
    returnNativeSum(b, format, native.fromBits(x), native.fromBits(negated), rm);
    b.return(b.call(exact, x, negated, rm));
  });
  return { add, sub };
}

/** Returns the native sum if it is the right one in this mode and leaves the flags as they are. */
function returnNativeSum<T extends BitsType, F extends FloatType>(
  b: Body,
  format: Format<T, F>,
  left: Expr<F>,
  right: Expr<F>,
  rm: I32,
): void {
  const { native } = format;
  b.if(i32.eq(rm, RoundingMode.RNE), () => {
    const x = b.let(left);
    const y = b.let(right);
    const sum = b.let(native.add(x, y));
    const bits = b.let(format.widen(native.toBits(sum)));
    b.if(i64.lt_u(magnitudeOf(format, bits), format.infinity), () => {
      const take = (): void => b.return(format.narrow(bits));
      b.if(nearestAndInexact(rm), take);
      // Knuth's 2Sum. Its error is exact, or not finite where an intermediate result overflows.
      const part = b.let(native.sub(sum, x));
      const error = native.add(native.sub(x, native.sub(sum, part)), native.sub(y, part));
      b.if(i64.eqz(magnitudeOf(format, format.widen(native.toBits(error)))), take);
    });
  });
}

/** The sum in all modes and with all flags, by integer arithmetic. */
function exactSum<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): BinaryFunc<T> {
  const { name, type } = format;
  return func(`${name}.exactSum`, [type, type, "i32"], type, (b, [left, right, rm]) => {
    const x = b.let(format.widen(left));
    const y = b.let(format.widen(right));
    b.if(i64.lt_u(magnitudeOf(format, x), magnitudeOf(format, y)), () => {
      const larger = b.let(y);
      b.set(y, x);
      b.set(x, larger);
    });
    b.if(isSpecial(format, x), () => returnSpecialSum(b, format, x, y));

    const large = unpack(b, format, x);
    const small = unpack(b, format, y);
    const distance = b.let(i32.sub(large.exponent, small.exponent));
    // One bit of room for the carry. The lowest bits are 0, so nothing is lost.
    b.set(large.significand, i64.shr_u(large.significand, 1));
    b.set(small.significand, i64.shr_u(small.significand, 1));
    b.set(small.significand, shiftRightJam(small.significand, distance));
    const sum = b.local("i64");
    b.if(
      i32.eq(large.sign, small.sign),
      () => b.set(sum, i64.add(large.significand, small.significand)),
      () => b.set(sum, i64.sub(large.significand, small.significand)),
    );
    b.if(i64.eqz(sum), () => returnExactZero(b, format, large.sign, small.sign, rm));
    const shift = b.let(i64.sub(i64.clz(sum), 1));
    b.set(sum, i64.shl(sum, shift));
    const exponent = b.let(i32.sub(i32.add(large.exponent, 1), i32.wrap_i64(shift)));
    returnRounded(b, format, roundAndPack, large.sign, exponent, sum, rm);
  });
}

/** Returns x + y, where x is the one of larger magnitude, and infinite or a NaN. */
function returnSpecialSum<T extends BitsType, F extends FloatType>(
  b: Body,
  format: Format<T, F>,
  x: Variable<"i64">,
  y: Variable<"i64">,
): void {
  b.if(anyOf(isNaNBits(format, x), isNaNBits(format, y)), () => {
    raiseIfSignaling(b, format, x, y);
    returnNaN(b, format);
  });
  const opposite = i64.eq(i64.xor(x, y), format.signBit);
  b.if(opposite, () => returnInvalid(b, format));
  b.return(format.narrow(x));
}

/** Returns the zero that a sum of terms with these signs is (IEEE 754-2019, 6.3). */
export function returnExactZero<T extends BitsType, F extends FloatType>(
  b: Body,
  format: Format<T, F>,
  x: I32,
  y: I32,
  rm: I32,
): void {
  const sign = i32.select(i32.eq(x, y), x, i32.eq(rm, RoundingMode.RDN));
  b.return(format.narrow(signMask(format, sign)));
}
