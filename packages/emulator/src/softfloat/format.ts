import { type Expr, f32, f64, type I64, i32, i64 } from "../wasm/expr.js";

/** The integer type that carries the bits of a format through a function's parameters and result. */
export type BitsType = "i32" | "i64";

/** The WebAssembly type that computes in a format natively: round to nearest even, no flags. */
export type FloatType = "f32" | "f64";

/** What WebAssembly itself can do in a format. */
interface Native<T extends BitsType, F extends FloatType> {
  readonly fromBits: (bits: Expr<T>) => Expr<F>;
  readonly toBits: (value: Expr<F>) => Expr<T>;
  readonly toF64: (value: Expr<F>) => Expr<"f64">;
  readonly add: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly sub: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly mul: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly div: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly sqrt: (x: Expr<F>) => Expr<F>;
  readonly min: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly max: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly eq: (x: Expr<F>, y: Expr<F>) => Expr<"i32">;
  readonly ne: (x: Expr<F>, y: Expr<F>) => Expr<"i32">;
  readonly lt: (x: Expr<F>, y: Expr<F>) => Expr<"i32">;
  readonly le: (x: Expr<F>, y: Expr<F>) => Expr<"i32">;
  readonly fromSigned: (x: Expr<"i64">) => Expr<F>;
  readonly fromUnsigned: (x: Expr<"i64">) => Expr<F>;
}

/**
 * The encoding of a binary interchange format (IEEE 754-2019, 3.4): its parameters and the constants that
 * follow from them. All bit patterns are of the format widened to 64 bits with zeros above.
 */
export interface Encoding {
  readonly name: string;
  /** Trailing significand bits: precision p less the implicit bit. */
  readonly fractionBits: number;
  readonly exponentBits: number;
  readonly bias: number;
  /** Biased exponent of infinities and NaNs: all ones. */
  readonly maxExponent: number;
  readonly signBit: bigint;
  readonly magnitudeMask: bigint;
  readonly fractionMask: bigint;
  /** The smallest normal number; also the implicit bit of a significand. */
  readonly minNormal: bigint;
  readonly infinity: bigint;
  /** The bit that tells a quiet NaN from a signaling one (IEEE 754-2019, 6.2.1). */
  readonly quietBit: bigint;
  /** The only NaN that RISC-V instructions produce (unprivileged manual, "F", NaN generation and propagation). */
  readonly canonicalNaN: bigint;
  /** Bits below the format's precision in a significand whose leading bit is bit 62. */
  readonly guardBits: number;
}

/** A format: its encoding, and how WebAssembly carries its bits and computes in it. */
export interface Format<T extends BitsType, F extends FloatType> extends Encoding, Carrier<T, F> {}

interface Carrier<T extends BitsType, F extends FloatType> {
  /** Type of the raw bits in signatures. */
  readonly type: T;
  /** Raw bits as i64. */
  readonly widen: (bits: Expr<T>) => I64;
  /** The inverse of `widen`. */
  readonly narrow: (bits: I64) => Expr<T>;
  readonly native: Native<T, F>;
}

function encoding(name: string, exponentBits: number, fractionBits: number): Encoding {
  const maxExponent = 2 ** exponentBits - 1;
  const minNormal = 1n << BigInt(fractionBits);
  const signBit = minNormal << BigInt(exponentBits);
  const infinity = signBit - minNormal;
  const quietBit = minNormal >> 1n;
  return {
    name,
    fractionBits,
    exponentBits,
    bias: maxExponent >> 1,
    maxExponent,
    signBit,
    magnitudeMask: signBit - 1n,
    fractionMask: minNormal - 1n,
    minNormal,
    infinity,
    quietBit,
    canonicalNaN: infinity | quietBit,
    guardBits: 62 - fractionBits,
  };
}

/** binary32. */
export const binary32: Format<"i32", "f32"> = {
  ...encoding("single", 8, 23),
  type: "i32",
  widen: i64.extend_i32_u,
  narrow: i32.wrap_i64,
  native: {
    ...f32,
    fromBits: f32.reinterpret_i32,
    toBits: i32.reinterpret_f32,
    toF64: f64.promote_f32,
    fromSigned: f32.convert_i64_s,
    fromUnsigned: f32.convert_i64_u,
  },
};

/** binary64. */
export const binary64: Format<"i64", "f64"> = {
  ...encoding("double", 11, 52),
  type: "i64",
  widen: (bits) => bits,
  narrow: (bits) => bits,
  native: {
    ...f64,
    fromBits: f64.reinterpret_i64,
    toBits: i64.reinterpret_f64,
    toF64: (value) => value,
    fromSigned: f64.convert_i64_s,
    fromUnsigned: f64.convert_i64_u,
  },
};
