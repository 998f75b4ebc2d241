import type { Body, Variable } from "../wasm/body.js";
import { type I32, type I64, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { Flag, raise, raiseInexact } from "./flags.js";
import type { BitsType, Encoding, FloatType, Format } from "./format.js";
import { nearestEvenIncrement, RoundingMode, roundingIncrement } from "./rounding.js";
import { shiftRightJam } from "./wide.js";

/** Rounds and packs: (sign, exponent, significand, rounding mode) to raw bits. */
export type RoundAndPack<T extends BitsType> = Func<readonly ["i32", "i32", "i64", "i32"], T>;

/** The sign bit in place. */
export function signMask(format: Encoding, sign: I32): I64 {
  return i64.select(sign, format.signBit, 0);
}

/** A significand whose lowest bit is the format's; carrying into or lacking the implicit bit is fine. */
function pack(format: Encoding, sign: I32, exponent: I32, significand: I64): I64 {
  const field = i64.shl(i64.extend_i32_s(i32.sub(exponent, 1)), format.fractionBits);
  return i64.or(signMask(format, sign), i64.add(field, significand));
}

/** The bits that rounding drops. */
function guard(format: Encoding, significand: I64): I32 {
  return i64.ne(i64.and(significand, (1n << BigInt(format.guardBits)) - 1n), 0);
}

/**
 * Makes the function that rounds a number `significand * 2^(exponent - bias - 62)`, leading bit at bit 62,
 * lowest bit sticky, to the format: IEEE 754-2019, 4.3 (rounding), 7.4 (overflow) and 7.5 (underflow, with
 * tininess detected after rounding as the RISC-V unprivileged manual, "F", demands).
 */
export function roundAndPackFunc<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
): RoundAndPack<T> {
  const { maxExponent, guardBits, infinity } = format;
  const params = ["i32", "i32", "i64", "i32"] as const;
  return func(`${format.name}.roundAndPack`, params, format.type, (b, [sign, exponent, significand, rm]) => {
    const increment = b.let(roundingIncrement(rm, sign, significand, guardBits));
    // The sum has 64 bits if rounding carries into the next binade.
    const carries = (): I32 => i64.lt_s(i64.add(significand, increment), 0);
    b.if(
      i32.le_s(exponent, 0),
      () => {
        const tiny = b.let(i32.or(i32.lt_s(exponent, 0), i32.eqz(carries())));
        const distance = b.let(i32.sub(1, exponent));
        b.set(significand, shiftRightJam(significand, distance));
        b.set(exponent, 1);
        b.set(increment, roundingIncrement(rm, sign, significand, guardBits));
        b.if(i32.and(tiny, guard(format, significand)), () => raise(b, Flag.UF));
      },
      () => {
        const overflows = i32.or(
          i32.ge_s(exponent, maxExponent),
          i32.and(i32.eq(exponent, maxExponent - 1), carries()),
        );
        b.if(overflows, () => {
          raise(b, Flag.OF | Flag.NX);
          const magnitude = i64.select(i64.eqz(increment), infinity - 1n, infinity);
          b.return(format.narrow(i64.or(signMask(format, sign), magnitude)));
        });
      },
    );
    raiseInexact(b, guard(format, significand));
    const rounded = i64.shr_u(i64.add(significand, increment), guardBits);
    b.return(format.narrow(pack(format, sign, exponent, rounded)));
  });
}

/**
 * Returns the rounded number: in place in the usual case (RNE, no overflow, no underflow), else by a call of
 * the format's function, which also says what the operands are.
 */
export function returnRounded<T extends BitsType, F extends FloatType>(
  b: Body,
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
  sign: I32,
  exponent: Variable<"i32">,
  significand: Variable<"i64">,
  rm: I32,
): void {
  const { maxExponent, guardBits } = format;
  const inRange = i32.lt_u(i32.sub(exponent, 1), maxExponent - 2);
  b.if(i32.and(i32.eq(rm, RoundingMode.RNE), inRange), () => {
    raiseInexact(b, guard(format, significand));
    const sum = i64.add(significand, nearestEvenIncrement(significand, guardBits));
    b.return(format.narrow(pack(format, sign, exponent, i64.shr_u(sum, guardBits))));
  });
  b.return(b.call(roundAndPack, sign, exponent, significand, rm));
}
