import { type I64, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { nearestAndInexact } from "./flags.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { type RoundAndPack, returnRounded } from "./round-and-pack.js";

/** Converts an integer to a floating-point number, in a rounding mode. */
type FromInteger<T extends BitsType> = Func<readonly ["i64", "i32"], T>;

/** An integer format that numbers are converted from. */
interface Source {
  readonly bits: 32 | 64;
  readonly signed: boolean;
  /** The integer as 64 bits; of a 32-bit one the upper half of the register is ignored. */
  readonly read: (register: I64) => I64;
}

const I32_SOURCE: Source = { bits: 32, signed: true, read: i64.extend32_s };
const U32_SOURCE: Source = { bits: 32, signed: false, read: (x) => i64.and(x, 0xffff_ffff) };
const I64_SOURCE: Source = { bits: 64, signed: true, read: (x) => x };
const U64_SOURCE: Source = { bits: 64, signed: false, read: (x) => x };

/** Conversions of integers to a format. */
export interface FromIntegers<T extends BitsType> {
  readonly fromI32: FromInteger<T>;
  readonly fromU32: FromInteger<T>;
  readonly fromI64: FromInteger<T>;
  readonly fromU64: FromInteger<T>;
}

/** Makes the conversions from integers (IEEE 754-2019, 5.4.1, convertFromInt). */
export function fromIntegers<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
): FromIntegers<T> {
  return {
    fromI32: fromInteger(format, roundAndPack, "fromI32", I32_SOURCE),
    fromU32: fromInteger(format, roundAndPack, "fromU32", U32_SOURCE),
    fromI64: fromInteger(format, roundAndPack, "fromI64", I64_SOURCE),
    fromU64: fromInteger(format, roundAndPack, "fromU64", U64_SOURCE),
  };
}

function fromInteger<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
  name: string,
  source: Source,
): FromInteger<T> {
  const { type, native, bias, fractionBits } = format;
  return func(`${format.name}.${name}`, ["i64", "i32"], type, (b, [register, rm]) => {
    const x = b.let(source.read(register));
    const convert = source.signed ? native.fromSigned : native.fromUnsigned;
    const takeNative = (): void => b.return(native.toBits(convert(x)));
    if (source.bits <= fractionBits) {
      takeNative();
      return;
    }
    const sign = b.let(source.signed ? i64.lt_s(x, 0) : i32.const(0));
    const magnitude = b.let(i64.select(sign, i64.sub(0, x), x));
    const zeros = b.let(i64.clz(magnitude));
    // Exact if no more bits than the precision lie between the outermost ones.
    const outside = i64.add(zeros, i64.ctz(magnitude));
    b.if(i32.or(nearestAndInexact(rm), i64.ge_u(outside, 63 - fractionBits)), takeNative);
    // Leading bit to bit 63, and from there to bit 62.
    b.set(magnitude, i64.shl(magnitude, zeros));
    b.set(magnitude, i64.or(i64.shr_u(magnitude, 1), i64.and(magnitude, 1)));
    const exponent = b.let(i32.sub(bias + 63, i32.wrap_i64(zeros)));
    returnRounded(b, format, roundAndPack, sign, exponent, magnitude, rm);
  });
}
