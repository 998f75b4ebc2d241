import { f64, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { nearestAndInexact } from "./flags.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { isNaNBits, raiseIfSignaling, returnInvalid, returnNaN } from "./nan.js";
import { returnIfNormal } from "./native.js";
import { refine, significand53 } from "./residual.js";
import { type RoundAndPack, returnRounded } from "./round-and-pack.js";
import { magnitudeOf, unpack } from "./unpack.js";

/** One operand and a rounding mode. */
export type UnaryFunc<T extends BitsType> = Func<readonly [T, "i32"], T>;

/** Makes the square root (IEEE 754-2019, 5.4.1 and 6.3: the root of -0 is -0). */
export function squareRoot<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): UnaryFunc<T> {
  const exact = exactSquareRoot(format, roundAndPack);
  const { name, type, native } = format;
  return func(`${name}.sqrt`, [type, "i32"], type, (b, [x, rm]) => {
    b.if(nearestAndInexact(rm), () => returnIfNormal(b, format, native.sqrt(native.fromBits(x))));
    b.return(b.call(exact, x, rm));
  });
}

/** The square root in all modes and with all flags. */
function exactSquareRoot<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): UnaryFunc<T> {
  const { name, type, bias, infinity, signBit } = format;
  return func(`${name}.exactSquareRoot`, [type, "i32"], type, (b, [bits, rm]) => {
    const x = b.let(format.widen(bits));
    b.if(isNaNBits(format, x), () => {
      raiseIfSignaling(b, format, x);
      returnNaN(b, format);
    });
    b.if(i32.or(i64.eqz(magnitudeOf(format, x)), i64.eq(x, infinity)), () => b.return(bits));
    b.if(i64.ge_u(x, signBit), () => returnInvalid(b, format));

    const p = unpack(b, format, x);
    const radicand = b.let(i64.shr_u(p.significand, 10));
    // The bias is odd, so an even biased exponent is an odd exponent.
    const odd = b.let(i32.eqz(i32.and(p.exponent, 1)));
    b.set(radicand, i64.shl(radicand, i64.extend_i32_u(odd)));
    // The root is in [2^26, 2^27), and is not so near 2^27 that it could be rounded to it.
    const root = significand53(b, f64.sqrt(f64.convert_i64_s(radicand)));
    // Modulo 2^64; its true magnitude is at most the root.
    const residual = b.let(i64.sub(i64.shl(radicand, 52), i64.mul(root, root)));
    const significand = refine(b, root, residual);
    const half = i32.shr_s(i32.sub(i32.sub(p.exponent, bias), odd), 1);
    const exponent = b.let(i32.add(half, bias));
    returnRounded(b, format, roundAndPack, p.sign, exponent, significand, rm);
  });
}
