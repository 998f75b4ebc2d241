import { i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { Flag, raise } from "./flags.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { isNaNBits, raiseIfSignaling } from "./nan.js";

/** A predicate of two operands: 1 if it holds. */
export type CompareFunc<T extends BitsType> = Func<readonly [T, T], "i32">;

/**
 * Makes the comparisons of RISC-V: a quiet `eq` and signaling `lt` and `le` (IEEE 754-2019, 5.11 and
 * 5.6.1). Nothing is unordered but NaNs, so the native predicates serve the rest.
 */
export function comparisons<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
): { readonly eq: CompareFunc<T>; readonly lt: CompareFunc<T>; readonly le: CompareFunc<T> } {
  const { native } = format;
  const comparison = (name: "eq" | "lt" | "le"): CompareFunc<T> =>
    func(`${format.name}.${name}`, [format.type, format.type], "i32", (b, [left, right]) => {
      const x = b.let(native.fromBits(left));
      const y = b.let(native.fromBits(right));
      b.if(i32.or(native.ne(x, x), native.ne(y, y)), () => {
        if (name === "eq") raiseIfSignaling(b, format, format.widen(left), format.widen(right));
        else raise(b, Flag.NV);
        b.return(i32.const(0));
      });
      b.return(native[name](x, y));
    });
  return { eq: comparison("eq"), lt: comparison("lt"), le: comparison("le") };
}

/** The lesser or greater of two operands. */
export type ExtremumFunc<T extends BitsType> = Func<readonly [T, T], T>;

/**
 * Makes minimumNumber and maximumNumber (IEEE 754-2019, 9.6; RISC-V "F" 2.2): -0 is less than +0, a NaN
 * gives way to a number, and a signaling one is invalid. WebAssembly's own differ in NaNs alone.
 */
export function extrema<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
): { readonly min: ExtremumFunc<T>; readonly max: ExtremumFunc<T> } {
  const { type, native } = format;
  const extremum = (name: "min" | "max"): ExtremumFunc<T> =>
    func(`${format.name}.${name}`, [type, type], type, (b, [left, right]) => {
      const x = b.let(native.fromBits(left));
      const y = b.let(native.fromBits(right));
      b.if(i32.or(native.ne(x, x), native.ne(y, y)), () => {
        const a = b.let(format.widen(left));
        const c = b.let(format.widen(right));
        raiseIfSignaling(b, format, a, c);
        const number = i64.select(
          isNaNBits(format, a),
          i64.select(isNaNBits(format, c), format.canonicalNaN, c),
          a,
        );
        b.return(format.narrow(number));
      });
      b.return(native.toBits(native[name](x, y)));
    });
  return { min: extremum("min"), max: extremum("max") };
}
