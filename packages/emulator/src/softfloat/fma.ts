import type { Body, Variable } from "../wasm/body.js";
import { type Expr, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { returnExactZero } from "./add.js";
import { nearestAndInexact } from "./flags.js";
import type { Offer } from "./fma-native.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { anyOf, isNaNBits, isSpecial, raiseIfSignaling, returnInvalid, returnNaN } from "./nan.js";
import { returnIfNormal } from "./native.js";
import { type RoundAndPack, returnRounded } from "./round-and-pack.js";
import { magnitudeOf, unpack } from "./unpack.js";
import { addWide, multiplyWide, negateWide, shiftRightJamWide, subtractWide, type Wide } from "./wide.js";

/** Three operands and a rounding mode. */
export type TernaryFunc<T extends BitsType> = Func<readonly [T, T, T, "i32"], T>;

/** Writes code that offers x * y + z, rounded to nearest even, where native operations can tell it for sure. */
export type OfferNativeFma<F extends FloatType> = (
  b: Body,
  x: Expr<F>,
  y: Expr<F>,
  z: Expr<F>,
  offer: Offer<F>,
) => void;

/** Makes fused multiply-add, x * y + z rounded once (IEEE 754-2019, 5.4.1). */
export function fusedMultiplyAdd<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
  offerNativeFma: OfferNativeFma<F>,
): TernaryFunc<T> {
  const exact = exactFma(format, roundAndPack);
  const { name, type, native } = format;
  return func(`${name}.fma`, [type, type, type, "i32"], type, (b, [x, y, z, rm]) => {
    b.if(nearestAndInexact(rm), () =>
      offerNativeFma(b, native.fromBits(x), native.fromBits(y), native.fromBits(z), (value) =>
        returnIfNormal(b, format, value),
      ),
    );
    b.return(b.call(exact, x, y, z, rm));
  });
}

/** The same in all modes and with all flags, by integer arithmetic. */
function exactFma<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): TernaryFunc<T> {
  const { name, type, bias } = format;
  return func(`${name}.exactFma`, [type, type, type, "i32"], type, (b, [left, right, addend, rm]) => {
    const x = b.let(format.widen(left));
    const y = b.let(format.widen(right));
    const z = b.let(format.widen(addend));
    b.if(anyOf(isSpecial(format, x), isSpecial(format, y), isSpecial(format, z)), () =>
      returnSpecial(b, format, x, y, z),
    );
    const p = unpack(b, format, x);
    const q = unpack(b, format, y);
    const r = unpack(b, format, z);
    const sign = b.let(i32.xor(p.sign, q.sign));
    // Both terms in units of 2^(exponent - bias - 125): the larger of their leading bits is bit 124 or 125.
    const sum = multiplyWide(b, p.significand, q.significand);
    const exponent = b.let(i32.sub(i32.add(p.exponent, q.exponent), bias - 1));
    b.if(i64.eqz(sum.high), () => {
      b.if(i64.eqz(r.significand), () => returnExactZero(b, format, sign, r.sign, rm));
      b.return(addend);
    });
    const term: Wide = { high: b.let(i64.shr_u(r.significand, 1)), low: b.let(i64.const(0)) };
    const distance = b.let(i32.sub(exponent, r.exponent));
    b.if(
      i32.ge_s(distance, 0),
      () => shiftRightJamWide(b, term, distance),
      () => {
        b.set(distance, i32.sub(0, distance));
        shiftRightJamWide(b, sum, distance);
        b.set(exponent, r.exponent);
      },
    );
    b.if(
      i32.eq(sign, r.sign),
      () => addWide(b, sum, term),
      () => {
        subtractWide(b, sum, term);
        b.if(i64.lt_s(sum.high, 0), () => {
          negateWide(b, sum);
          b.set(sign, r.sign);
        });
        b.if(i64.eqz(i64.or(sum.high, sum.low)), () => returnExactZero(b, format, sign, r.sign, rm));
      },
    );
    const significand = normalise(b, sum, exponent);
    returnRounded(b, format, roundAndPack, sign, exponent, significand, rm);
  });
}

/** The significand with its leading bit at bit 62 and its exponent, of a sum other than 0. */
function normalise(b: Body, sum: Wide, exponent: Variable<"i32">): Variable<"i64"> {
  const { high, low } = sum;
  b.if(i64.eqz(high), () => {
    b.set(high, i64.or(i64.shr_u(low, 1), i64.and(low, 1)));
    b.set(low, 0);
    b.set(exponent, i32.sub(exponent, 63));
  });
  const shift = b.let(i64.sub(i64.clz(high), 1));
  b.set(exponent, i32.sub(i32.add(exponent, 1), i32.wrap_i64(shift)));
  // In two steps, as shifting by 64 would not shift at all.
  const carried = i64.shr_u(i64.shr_u(low, 1), i64.xor(shift, 63));
  const lost = i64.extend_i32_u(i64.ne(i64.shl(low, shift), 0));
  return b.let(i64.or(i64.or(i64.shl(high, shift), carried), lost));
}

/** Returns x * y + z where one of them is infinite or a NaN. */
function returnSpecial<T extends BitsType, F extends FloatType>(
  b: Body,
  format: Format<T, F>,
  x: Variable<"i64">,
  y: Variable<"i64">,
  z: Variable<"i64">,
): void {
  const { infinity, signBit } = format;
  b.if(anyOf(isNaNBits(format, x), isNaNBits(format, y)), () => {
    raiseIfSignaling(b, format, x, y, z);
    returnNaN(b, format);
  });
  // Infinity times zero is invalid even if the addend is a quiet NaN (RISC-V unprivileged manual, "F").
  const magnitudeX = b.let(magnitudeOf(format, x));
  const magnitudeY = b.let(magnitudeOf(format, y));
  const infiniteX = i64.eq(magnitudeX, infinity);
  const infiniteY = i64.eq(magnitudeY, infinity);
  const invalid = i32.or(i32.and(infiniteX, i64.eqz(magnitudeY)), i32.and(infiniteY, i64.eqz(magnitudeX)));
  b.if(invalid, () => returnInvalid(b, format));
  b.if(isNaNBits(format, z), () => {
    raiseIfSignaling(b, format, z);
    returnNaN(b, format);
  });
  b.if(i32.or(infiniteX, infiniteY), () => {
    const product = b.let(i64.or(i64.and(i64.xor(x, y), signBit), infinity));
    b.if(i64.eq(z, i64.xor(product, signBit)), () => returnInvalid(b, format));
    b.return(format.narrow(product));
  });
  b.return(format.narrow(z));
}
