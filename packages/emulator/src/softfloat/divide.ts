import { f64, i32, i64 } from "../wasm/expr.js";
import { func } from "../wasm/func.js";
import type { BinaryFunc } from "./add.js";
import { Flag, nearestAndInexact, raise } from "./flags.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { anyOf, isNaNBits, isSpecial, raiseIfSignaling, returnInvalid, returnNaN } from "./nan.js";
import { returnIfNormal } from "./native.js";
import { refine, significand53 } from "./residual.js";
import { type RoundAndPack, returnRounded } from "./round-and-pack.js";
import { magnitudeOf, unpack } from "./unpack.js";

/** Makes division (IEEE 754-2019, 5.4.1; 7.3 for the division by zero). */
export function division<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): BinaryFunc<T> {
  const exact = exactQuotient(format, roundAndPack);
  const { name, type, native } = format;
  return func(`${name}.div`, [type, type, "i32"], type, (b, [x, y, rm]) => {
    b.if(nearestAndInexact(rm), () => {
      returnIfNormal(b, format, native.div(native.fromBits(x), native.fromBits(y)));
    });
    b.return(b.call(exact, x, y, rm));
  });
}

/** The quotient in all modes and with all flags. */
function exactQuotient<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): BinaryFunc<T> {
  const { name, type, bias, infinity, signBit } = format;
  return func(`${name}.exactQuotient`, [type, type, "i32"], type, (b, [left, right, rm]) => {
    const x = b.let(format.widen(left));
    const y = b.let(format.widen(right));
    const signBits = b.let(i64.and(i64.xor(x, y), signBit));
    b.if(anyOf(isSpecial(format, x), isSpecial(format, y)), () => {
      b.if(anyOf(isNaNBits(format, x), isNaNBits(format, y)), () => {
        raiseIfSignaling(b, format, x, y);
        returnNaN(b, format);
      });
      b.if(isSpecial(format, x), () => {
        b.if(isSpecial(format, y), () => returnInvalid(b, format));
        b.return(format.narrow(i64.or(signBits, infinity)));
      });
      b.return(format.narrow(signBits));
    });
    const zeroDividend = i64.eqz(magnitudeOf(format, x));
    b.if(i64.eqz(magnitudeOf(format, y)), () => {
      b.if(zeroDividend, () => returnInvalid(b, format));
      raise(b, Flag.DZ);
      b.return(format.narrow(i64.or(signBits, infinity)));
    });
    b.if(zeroDividend, () => b.return(format.narrow(signBits)));

    const p = unpack(b, format, x);
    const q = unpack(b, format, y);
    const dividend = b.let(i64.shr_u(p.significand, 10));
    const divisor = b.let(i64.shr_u(q.significand, 10));
    const exponent = b.let(i32.add(i32.sub(p.exponent, q.exponent), bias));
    b.if(i64.lt_u(dividend, divisor), () => {
      b.set(dividend, i64.shl(dividend, 1));
      b.set(exponent, i32.sub(exponent, 1));
    });
    // The quotient is in [1, 2), and is not so near 2 that it could be rounded to it.
    const quotient = significand53(b, f64.div(f64.convert_i64_s(dividend), f64.convert_i64_s(divisor)));
    // Modulo 2^64; its true magnitude is at most half the divisor.
    const residual = b.let(i64.sub(i64.shl(dividend, 52), i64.mul(quotient, divisor)));
    const significand = refine(b, quotient, residual);
    returnRounded(b, format, roundAndPack, i32.xor(p.sign, q.sign), exponent, significand, rm);
  });
}
