import type { Func } from "../wasm/func.js";
import { addition, type BinaryFunc } from "./add.js";
import { classification } from "./classify.js";
import { type CompareFunc, comparisons, type ExtremumFunc, extrema } from "./compare.js";
import { division } from "./divide.js";
import { fusedMultiplyAdd, type OfferNativeFma, type TernaryFunc } from "./fma.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { type FromIntegers, fromIntegers } from "./from-integer.js";
import { multiplication } from "./multiply.js";
import type { RoundAndPack } from "./round-and-pack.js";
import { squareRoot, type UnaryFunc } from "./square-root.js";
import { type ToIntegers, toIntegers } from "./to-integer.js";

/**
 * The arithmetic of a format, as RISC-V's "F" and "D" extensions have it, over raw bits. Rounding modes are
 * the values of `RoundingMode`; exceptions are accrued in `fcsr`, never trapped. NaN results are canonical.
 */
export interface Arithmetic<T extends BitsType> extends ToIntegers<T>, FromIntegers<T> {
  readonly add: BinaryFunc<T>;
  readonly sub: BinaryFunc<T>;
  readonly mul: BinaryFunc<T>;
  readonly div: BinaryFunc<T>;
  readonly sqrt: UnaryFunc<T>;
  /** x * y + z, rounded once. */
  readonly fma: TernaryFunc<T>;
  readonly min: ExtremumFunc<T>;
  readonly max: ExtremumFunc<T>;
  /** Quiet: only a signaling NaN is invalid. */
  readonly eq: CompareFunc<T>;
  /** Signaling: any NaN is invalid. */
  readonly lt: CompareFunc<T>;
  /** Signaling: any NaN is invalid. */
  readonly le: CompareFunc<T>;
  /** The mask of FCLASS. */
  readonly classify: Func<readonly [T], "i32">;
}

/** Makes the arithmetic of a format; one algorithm each, whatever the format. */
export function arithmetic<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
  roundAndPack: RoundAndPack<T>,
  offerNativeFma: OfferNativeFma<F>,
): Arithmetic<T> {
  return {
    ...addition(format, roundAndPack),
    mul: multiplication(format, roundAndPack),
    div: division(format, roundAndPack),
    sqrt: squareRoot(format, roundAndPack),
    fma: fusedMultiplyAdd(format, roundAndPack, offerNativeFma),
    ...extrema(format),
    ...comparisons(format),
    classify: classification(format),
    ...toIntegers(format),
    ...fromIntegers(format, roundAndPack),
  };
}
