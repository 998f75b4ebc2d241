import type { Body, Variable } from "../wasm/body.js";
import { type F64, f64, type I32, type I64, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { Flag, raise, raiseInexact } from "./flags.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { RoundingMode } from "./rounding.js";

/** Converts a floating-point number to an integer, in a rounding mode. */
type ToInteger<T extends BitsType> = Func<readonly [T, "i32"], "i64">;

/** An integer format that numbers are converted to. */
interface Target {
  /** The least integer, and one past the greatest. */
  readonly from: number;
  readonly end: number;
  /** Results as 64 bits: the least, the greatest, and one in between. */
  readonly least: bigint;
  readonly greatest: bigint;
  readonly convert: (integral: F64) => I64;
}

const I32_TARGET: Target = {
  from: -(2 ** 31),
  end: 2 ** 31,
  least: -(2n ** 31n),
  greatest: 2n ** 31n - 1n,
  convert: i64.trunc_sat_f64_s,
};
const U32_TARGET: Target = {
  from: 0,
  end: 2 ** 32,
  least: 0n,
  // Sign-extended, as all 32-bit results are.
  greatest: -1n,
  convert: (integral) => i64.extend32_s(i64.trunc_sat_f64_u(integral)),
};
const I64_TARGET: Target = {
  from: -(2 ** 63),
  end: 2 ** 63,
  least: -(2n ** 63n),
  greatest: 2n ** 63n - 1n,
  convert: i64.trunc_sat_f64_s,
};
const U64_TARGET: Target = {
  from: 0,
  end: 2 ** 64,
  least: 0n,
  greatest: -1n,
  convert: i64.trunc_sat_f64_u,
};

/** Conversions of a format to integers. */
export interface ToIntegers<T extends BitsType> {
  readonly toI32: ToInteger<T>;
  readonly toU32: ToInteger<T>;
  readonly toI64: ToInteger<T>;
  readonly toU64: ToInteger<T>;
}

/** Makes the conversions to integers (IEEE 754-2019, 5.4.1 and 5.8, convertToIntegerExact). */
export function toIntegers<T extends BitsType, F extends FloatType>(format: Format<T, F>): ToIntegers<T> {
  return {
    toI32: toInteger(format, "toI32", I32_TARGET),
    toU32: toInteger(format, "toU32", U32_TARGET),
    toI64: toInteger(format, "toI64", I64_TARGET),
    toU64: toInteger(format, "toU64", U64_TARGET),
  };
}

/**
 * What the target cannot hold is invalid, and becomes the nearest integer that it holds; a NaN becomes the
 * greatest (RISC-V unprivileged manual, "F", domains of conversions).
 */
function toInteger<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  name: string,
  target: Target,
): ToInteger<T> {
  const { type, native } = format;
  return func(`${format.name}.${name}`, [type, "i32"], "i64", (b, [bits, rm]) => {
    const x = b.let(native.toF64(native.fromBits(bits)));
    const integral = roundToIntegral(b, x, rm);
    b.if(i32.and(f64.ge(integral, target.from), f64.lt(integral, target.end)), () => {
      raiseInexact(b, f64.ne(integral, x));
      b.return(target.convert(integral));
    });
    raise(b, Flag.NV);
    b.return(i64.select(f64.lt(x, 0), target.least, target.greatest));
  });
}

/** The integral number that mode `rm` rounds to (IEEE 754-2019, 5.9); exact, as every binary32 number is a binary64 one. */
function roundToIntegral(b: Body, x: Variable<"f64">, rm: I32): Variable<"f64"> {
  const result = b.let(f64.trunc(x));
  b.if(i32.ne(rm, RoundingMode.RTZ), () => {
    b.if(
      i32.eq(rm, RoundingMode.RMM),
      () => {
        // The truncated part is exact.
        const half = f64.ge(f64.abs(f64.sub(x, result)), 0.5);
        b.if(half, () => b.set(result, f64.add(result, f64.copysign(1, x))));
      },
      () => {
        b.set(
          result,
          f64.select(
            i32.eq(rm, RoundingMode.RNE),
            f64.nearest(x),
            f64.select(i32.eq(rm, RoundingMode.RDN), f64.floor(x), f64.ceil(x)),
          ),
        );
      },
    );
  });
  return result;
}
