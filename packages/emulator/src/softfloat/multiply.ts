import { type I32, type I64, i32, i64 } from "../wasm/expr.js";
import { func } from "../wasm/func.js";
import type { BinaryFunc } from "./add.js";
import { nearestAndInexact } from "./flags.js";
import type { BitsType, Encoding, FloatType, Format } from "./format.js";
import { anyOf, isNaNBits, isSpecial, raiseIfSignaling, returnInvalid, returnNaN } from "./nan.js";
import { returnIfNormal } from "./native.js";
import { type RoundAndPack, returnRounded } from "./round-and-pack.js";
import { magnitudeOf, unpack } from "./unpack.js";
import { multiplyWide } from "./wide.js";

/** Makes multiplication (IEEE 754-2019, 5.4.1). */
export function multiplication<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): BinaryFunc<T> {
  const exact = exactProduct(format, roundAndPack);
  const { name, type, native } = format;
  return func(`${name}.mul`, [type, type, "i32"], type, (b, [x, y, rm]) => {
    const takeNative = (): void =>
      returnIfNormal(b, format, native.mul(native.fromBits(x), native.fromBits(y)));
    b.if(nearestAndInexact(rm), takeNative);
    b.if(productFits(format, format.widen(x), format.widen(y)), takeNative);
    b.return(b.call(exact, x, y, rm));
  });
}

/**
 * Whether two numbers are together no longer than the precision, so that their product, unless it leaves the
 * range of normal numbers, is exact in any mode. A number's length is what its trailing zeros leave of it.
 */
function productFits(format: Encoding, x: I64, y: I64): I32 {
  const trailingZeros = (z: I64): I64 => i64.ctz(i64.or(z, format.minNormal));
  return i64.gt_u(i64.add(trailingZeros(x), trailingZeros(y)), format.fractionBits);
}

/** The product in all modes and with all flags, by integer arithmetic. */
function exactProduct<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): BinaryFunc<T> {
  const { name, type, bias, infinity, signBit } = format;
  return func(`${name}.exactProduct`, [type, type, "i32"], type, (b, [left, right, rm]) => {
    const x = b.let(format.widen(left));
    const y = b.let(format.widen(right));
    const signBits = b.let(i64.and(i64.xor(x, y), signBit));
    const hasZero = b.let(anyOf(i64.eqz(magnitudeOf(format, x)), i64.eqz(magnitudeOf(format, y))));
    b.if(anyOf(isSpecial(format, x), isSpecial(format, y)), () => {
      b.if(anyOf(isNaNBits(format, x), isNaNBits(format, y)), () => {
        raiseIfSignaling(b, format, x, y);
        returnNaN(b, format);
      });
      b.if(hasZero, () => returnInvalid(b, format));
      b.return(format.narrow(i64.or(signBits, infinity)));
    });
    b.if(hasZero, () => b.return(format.narrow(signBits)));

    const p = unpack(b, format, x);
    const q = unpack(b, format, y);
    b.set(q.significand, i64.shl(q.significand, 1));
    const product = multiplyWide(b, p.significand, q.significand);
    // The product's leading bit is bit 125 or 126 of 128: bit 61 or 62 of its upper half.
    const significand = b.let(i64.or(product.high, i64.extend_i32_u(i64.ne(product.low, 0))));
    const exponent = b.let(i32.sub(i32.add(p.exponent, q.exponent), bias - 1));
    b.if(i64.eqz(i64.shr_u(significand, 62)), () => {
      b.set(significand, i64.shl(significand, 1));
      b.set(exponent, i32.sub(exponent, 1));
    });
    returnRounded(b, format, roundAndPack, i32.xor(p.sign, q.sign), exponent, significand, rm);
  });
}
