import { FCSR } from "../memory/layout.js";
import type { Arithmetic } from "../softfloat/arithmetic.js";
import { double } from "../softfloat/double.js";
import { Flag } from "../softfloat/flags.js";
import { offerFmaDouble, offerFmaSingle } from "../softfloat/fma-native.js";
import type { BitsType, FloatType } from "../softfloat/format.js";
import { RoundingMode } from "../softfloat/rounding.js";
import { single } from "../softfloat/single.js";
import type { BodyBuilder, Variable } from "../wasm/body.js";
import type { AnyFunc } from "../wasm/encode.js";
import { type Expr, type F64, f32, f64, type I32, i32, i64, type Operand } from "../wasm/expr.js";
import type { Func } from "../wasm/func.js";
import type { Label } from "../wasm/statement.js";
import type { ValType } from "../wasm/types.js";
import { asDouble, asSingle } from "./fold.js";
import { maddFuses } from "./madd.js";

/** How an instruction rounds. */
export interface Rounding {
  /** The mode that its encoding gives; undefined if it is `frm` that gives it. */
  readonly fixed: number | undefined;
  /** The mode as a value, found out where this is called. */
  value(): Expr;
}

/**
 * Native arithmetic in the place of the exact functions, where it gives the same: rounding to nearest, with the inexact
 * flag set already, so that rounding leaves no trace, and a result that is neither tiny, nor infinite, nor a NaN. What
 * that cannot tell is left to the functions.
 */
export interface FloatInliner {
  /** `fcsr` may have been changed: has it looked at anew. */
  refresh(): void;
  /** Writes down what a call of `func` would do. Undefined if there is no native way. */
  inline(func: AnyFunc, args: readonly Expr[], rounding: Rounding): Expr | undefined;
}

/** All that a format's native operations are written with. */
interface Width<T extends BitsType, F extends FloatType> {
  readonly type: F;
  readonly arithmetic: Arithmetic<T>;
  /** The greatest number that rounding can have lifted out of the subnormal ones. */
  readonly tiny: number;
  readonly number: (bits: Expr<T>) => Expr<F>;
  readonly bits: (number: Expr<F>) => Expr<T>;
  readonly promote: (number: Expr<F>) => F64;
  readonly demote: (number: F64) => Expr<F>;
  readonly add: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly sub: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly mul: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly div: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly min: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly max: (x: Expr<F>, y: Expr<F>) => Expr<F>;
  readonly sqrt: (x: Expr<F>) => Expr<F>;
  readonly abs: (x: Expr<F>) => Expr<F>;
  readonly eq: (x: Operand<F>, y: Operand<F>) => I32;
  readonly ne: (x: Operand<F>, y: Operand<F>) => I32;
  readonly lt: (x: Operand<F>, y: Operand<F>) => I32;
  readonly le: (x: Operand<F>, y: Operand<F>) => I32;
  readonly gt: (x: Operand<F>, y: Operand<F>) => I32;
  readonly relaxed_madd: (x: Expr<F>, y: Expr<F>, z: Expr<F>) => Expr<F>;
  readonly fromSigned: (x: Expr<"i64">) => Expr<F>;
  readonly fromUnsigned: (x: Expr<"i64">) => Expr<F>;
  readonly offerFma: (
    b: BodyBuilder,
    x: Expr<F>,
    y: Expr<F>,
    z: Expr<F>,
    offer: (value: Expr<F>) => void,
  ) => void;
}

const DOUBLE: Width<"i64", "f64"> = {
  ...f64,
  type: "f64",
  arithmetic: double,
  tiny: 2 ** -1022,
  number: asDouble,
  bits: i64.reinterpret_f64,
  promote: (x) => x,
  demote: (x) => x,
  fromSigned: f64.convert_i64_s,
  fromUnsigned: f64.convert_i64_u,
  offerFma: offerFmaDouble,
};
const SINGLE: Width<"i32", "f32"> = {
  ...f32,
  type: "f32",
  arithmetic: single,
  tiny: 2 ** -126,
  number: asSingle,
  bits: i32.reinterpret_f32,
  promote: f64.promote_f32,
  demote: f32.demote_f64,
  fromSigned: f32.convert_i64_s,
  fromUnsigned: f32.convert_i64_u,
  offerFma: offerFmaSingle,
};

/** What is written down for one call: `done` is left for with the right result, and what comes next calls the function. */
interface Site {
  readonly b: BodyBuilder;
  /** 1 if rounding to nearest leaves no trace. */
  readonly quick: I32;
  readonly rounding: Rounding;
  readonly done: Label;
  readonly slow: Label;
}

type InlineEntry = readonly [func: AnyFunc, inline: Inline];

/** Where the result is, and what calls the function for it. */
interface Written {
  readonly result: Expr;
  readonly call: (mode: () => Expr) => void;
}

type Inline = (site: Site, args: readonly Expr[]) => Written;

/** Leaves for the slow way unless the rounding is to nearest, and leaves no trace. */
function demandQuick({ b, quick, rounding, slow }: Site): void {
  if (rounding.fixed !== undefined && rounding.fixed !== RoundingMode.RNE) b.br(slow);
  else b.brIf(slow, i32.eqz(quick), false);
}

function inlinesOf<T extends BitsType, F extends FloatType>(w: Width<T, F>): readonly InlineEntry[] {
  const { arithmetic } = w;
  const rounded = (
    func: AnyFunc,
    attempt: (site: Site, x: readonly Variable<F>[], take: (value: Expr<F>) => Variable<F>) => void,
  ): InlineEntry => [
    func,
    (site, args) => {
      const { b } = site;
      const numbers = operands(b, w, args.slice(0, -1));
      const result = b.local(w.type);
      demandQuick(site);
      attempt(site, numbers, (value) => {
        b.set(result, value);
        return result;
      });
      return {
        result: w.bits(result),
        call: (mode) => b.set(result, w.number(callOf(b, func, [...numbers.map(w.bits), mode()]))),
      };
    },
  ];
  const finite = ({ b, slow }: Site, x: Variable<F>): void =>
    b.brIf(slow, i32.eqz(w.lt(w.abs(x), Number.POSITIVE_INFINITY)), false);
  const normal = (site: Site, x: Variable<F>): void => {
    finite(site, x);
    site.b.brIf(site.done, w.gt(w.abs(x), w.tiny), true);
  };
  return [
    // A sum is exact where it is subnormal.
    ...(["add", "sub"] as const).map((name) =>
      rounded(arithmetic[name], (site, [x, y], take) => {
        if (x === undefined || y === undefined) return;
        finite(site, take(w[name](x, y)));
        site.b.br(site.done);
      }),
    ),
    rounded(arithmetic.mul, (site, [x, y], take) => {
      if (x === undefined || y === undefined) return;
      normal(site, take(w.mul(x, y)));
      // Zero times something finite, as the product is finite.
      site.b.brIf(site.done, i32.or(w.eq(x, 0), w.eq(y, 0)), true);
    }),
    rounded(arithmetic.div, (site, [x, y], take) => {
      if (x === undefined || y === undefined) return;
      normal(site, take(w.div(x, y)));
      // The quotient is no NaN, so the divisor is not 0.
      site.b.brIf(site.done, w.eq(x, 0), true);
    }),
    rounded(arithmetic.sqrt, (site, [x], take) => {
      if (x === undefined) return;
      finite(site, take(w.sqrt(x)));
      site.b.br(site.done);
    }),
    rounded(arithmetic.fma, (site, [x, y, z], take) => {
      if (x === undefined || y === undefined || z === undefined) return;
      if (maddFuses()) {
        normal(site, take(w.relaxed_madd(x, y, z)));
        return;
      }
      w.offerFma(site.b, x, y, z, (value) => {
        const result = take(value);
        const inRange = i32.and(w.lt(w.abs(result), Number.POSITIVE_INFINITY), w.gt(w.abs(result), w.tiny));
        site.b.brIf(site.done, inRange, true);
      });
    }),
    ...(["eq", "lt", "le"] as const).map(
      (name): InlineEntry => [
        arithmetic[name],
        ({ b, done }, args) => {
          const numbers = operands(b, w, args);
          const result = b.local("i32");
          const [x, y] = numbers;
          if (x !== undefined && y !== undefined) {
            b.set(result, w[name](x, y));
            b.brIf(done, i32.and(w.eq(x, x), w.eq(y, y)), true);
          }
          return {
            result,
            call: () => b.set(result, callOf(b, arithmetic[name], numbers.map(w.bits))),
          };
        },
      ],
    ),
    ...(["min", "max"] as const).map(
      (name): InlineEntry => [
        arithmetic[name],
        ({ b, done }, args) => {
          const numbers = operands(b, w, args);
          const result = b.local(w.type);
          const [x, y] = numbers;
          if (x !== undefined && y !== undefined) {
            b.set(result, w[name](x, y));
            b.brIf(done, i32.and(w.eq(x, x), w.eq(y, y)), true);
          }
          return {
            result: w.bits(result),
            call: () => b.set(result, w.number(callOf(b, arithmetic[name], numbers.map(w.bits)))),
          };
        },
      ],
    ),
    ...integers(w),
  ];
}

/** Conversions from and to integers. C's conversions to integers cut off, whatever the mode is. */
function integers<T extends BitsType, F extends FloatType>(w: Width<T, F>): InlineEntry[] {
  const { arithmetic } = w;
  const from = (name: "fromI32" | "fromU32" | "fromI64" | "fromU64"): InlineEntry => [
    arithmetic[name],
    (site, args) => {
      const { b, done } = site;
      const [register] = args;
      const given = b.local("i64");
      if (register?.type === "i64") b.set(given, register as Expr<"i64">);
      const result = b.local(w.type);
      const exact = w.type === "f64" && name.endsWith("32");
      if (!exact) demandQuick(site);
      const integer =
        name === "fromI32" ? i64.extend32_s(given) : name === "fromU32" ? i64.and(given, 0xffff_ffff) : given;
      b.set(result, name.startsWith("fromI") ? w.fromSigned(integer) : w.fromUnsigned(integer));
      b.br(done);
      return {
        result: w.bits(result),
        call: (mode) => b.set(result, w.number(callOf(b, arithmetic[name], [given, mode()]))),
      };
    },
  ];
  const to = (
    name: "toI32" | "toU32" | "toI64" | "toU64",
    below: number,
    end: number,
    convert: (x: F64) => Expr<"i64">,
  ): InlineEntry => [
    arithmetic[name],
    (site, args) => {
      const { b, done, slow, quick, rounding } = site;
      const [x] = operands(b, w, args.slice(0, 1));
      const result = b.local("i64");
      if (x === undefined) throw new Error("a conversion without an operand");
      if (rounding.fixed !== RoundingMode.RTZ) b.br(slow);
      else b.brIf(slow, i32.eqz(quick), false);
      const whole = b.let(f64.trunc(w.promote(x)));
      b.brIf(slow, i32.eqz(f64.gt(whole, below)), false);
      b.brIf(slow, i32.eqz(f64.lt(whole, end)), false);
      b.set(result, convert(whole));
      b.br(done);
      return {
        result,
        call: (mode) => b.set(result, callOf(b, arithmetic[name], [w.bits(x), mode()])),
      };
    },
  ];
  return [
    from("fromI32"),
    from("fromU32"),
    from("fromI64"),
    from("fromU64"),
    to("toI32", -(2 ** 31) - 1, 2 ** 31, i64.trunc_sat_f64_s),
    to("toU32", -1, 2 ** 32, (x) => i64.extend32_s(i64.trunc_sat_f64_u(x))),
    to("toI64", -(2 ** 63), 2 ** 63, i64.trunc_sat_f64_s),
    to("toU64", -1, 2 ** 64, i64.trunc_sat_f64_u),
  ];
}

function operands<T extends BitsType, F extends FloatType>(
  b: BodyBuilder,
  w: Width<T, F>,
  bits: readonly Expr[],
): Variable<F>[] {
  return bits.map((e) => {
    const number = b.local(w.type);
    b.set(number, w.number(e as Expr<T>));
    return number;
  });
}

/** A call whose operands are known to be of the function's types, as they were given for this very call. */
function callOf<R extends "i32" | "i64">(b: BodyBuilder, func: AnyFunc, args: readonly Expr[]): Expr<R> {
  return b.call(func as Func<readonly ValType[], R>, ...args);
}

const INLINES: ReadonlyMap<AnyFunc, Inline> = new Map([...inlinesOf(DOUBLE), ...inlinesOf(SINGLE)]);

/** Bits of `fcsr` that are as in this constant if native operations will do: mode RNE, and inexactness on record. */
const MODE_AND_INEXACT = 0xe0 | Flag.NX;

/** Makes the inliner of a function. */
export function createFloatInliner(b: BodyBuilder): FloatInliner {
  const quick = b.local("i32");
  const refresh = (): void => b.set(quick, i32.eq(i32.and(i32.load(0, FCSR), MODE_AND_INEXACT), Flag.NX));
  return {
    refresh,
    inline(func, args, rounding) {
      const write = INLINES.get(func);
      if (write === undefined) return undefined;
      const results: Expr[] = [];
      b.block((done) => {
        const calls: Written["call"][] = [];
        b.block((slow) => {
          const { result, call } = write({ b, quick, rounding, done, slow }, args);
          results.push(result);
          calls.push(call);
        });
        for (const call of calls) call(rounding.value);
        refresh();
      });
      return results[0];
    },
  };
}
