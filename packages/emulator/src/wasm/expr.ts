import type { Func } from "./func.js";
import type { ValType } from "./types.js";

/**
 * An expression: a tree of pure data that yields one value of type `T` where it is used.
 * An expression that is used twice is computed twice; give it a name with `Body.let` to compute it once.
 */
export type Expr<T extends ValType = ValType> = T extends ValType
  ? Const<T> | Local<T> | Operation<T> | Load<T> | Select<T> | CallExpr<T> | CallIndirect<T>
  : never;

/** A constant. i64 constants hold a bigint; constants exist at generation time only. */
export interface Const<T extends ValType> {
  readonly kind: "const";
  readonly type: T;
  readonly value: number | bigint;
}

/** A local variable or parameter; as an expression, its present value. */
export interface Local<T extends ValType> {
  readonly kind: "local";
  readonly type: T;
  readonly index: number;
}

/** A numeric instruction applied to its operands. */
export interface Operation<T extends ValType> {
  readonly kind: "operation";
  readonly type: T;
  readonly name: string;
  readonly code: readonly number[];
  readonly operands: readonly Expr[];
}

/** A load from `address + offset`. */
export interface Load<T extends ValType> {
  readonly kind: "load";
  readonly type: T;
  readonly name: string;
  readonly code: number;
  readonly address: Expr<"i32">;
  readonly offset: number;
}

/** `condition ? whenTrue : whenFalse`; both sides are computed. */
export interface Select<T extends ValType> {
  readonly kind: "select";
  readonly type: T;
  readonly condition: Expr<"i32">;
  readonly whenTrue: Expr<T>;
  readonly whenFalse: Expr<T>;
}

/** A call of a function that has a result. */
export interface CallExpr<T extends ValType> {
  readonly kind: "call";
  readonly type: T;
  readonly func: Func<readonly ValType[], T>;
  readonly args: readonly Expr[];
}

/** A call of the function at an index of the module's table; it traps if that is of another type. */
export interface CallIndirect<T extends ValType> {
  readonly kind: "callIndirect";
  readonly type: T;
  readonly params: readonly ValType[];
  readonly index: Expr<"i32">;
  readonly args: readonly Expr[];
}

type I32 = Expr<"i32">;
type I64 = Expr<"i64">;
type F64 = Expr<"f64">;

/** What `i64.add` and its like accept: a plain number stands for a constant. */
export type Operand<T extends ValType> = Expr<T> | number | bigint;

function isConstant(x: Operand<ValType>): x is number | bigint {
  return typeof x === "number" || typeof x === "bigint";
}

function constant<T extends ValType>(type: T, value: number | bigint): Expr<T> {
  const node: Const<T> = {
    kind: "const",
    type,
    value: type === "i64" ? BigInt.asIntN(64, BigInt(value)) : Number(value),
  };
  return node as Expr<T>;
}

function lift<T extends ValType>(type: T, x: Operand<T>): Expr<T> {
  return isConstant(x) ? constant(type, x) : (x as Expr<T>);
}

function operation<T extends ValType>(
  type: T,
  name: string,
  code: readonly number[],
  operands: readonly Expr[],
): Expr<T> {
  const node: Operation<T> = { kind: "operation", type, name, code, operands };
  return node as Expr<T>;
}

type Unary<A extends ValType, R extends ValType> = (a: Operand<A>) => Expr<R>;
type Binary<A extends ValType, R extends ValType> = (a: Operand<A>, b: Operand<A>) => Expr<R>;
type Loader<R extends ValType> = (address: Operand<"i32">, offset?: number) => Expr<R>;
type Selector<T extends ValType> = (
  condition: Operand<"i32">,
  whenTrue: Operand<T>,
  whenFalse: Operand<T>,
) => Expr<T>;

function unary<A extends ValType, R extends ValType>(
  from: A,
  to: R,
  name: string,
  ...code: number[]
): Unary<A, R> {
  return (a) => operation(to, name, code, [lift(from, a) as Expr]);
}

function binary<A extends ValType, R extends ValType>(
  from: A,
  to: R,
  name: string,
  code: number,
): Binary<A, R> {
  const bytes = [code];
  return (a, b) => operation(to, name, bytes, [lift(from, a) as Expr, lift(from, b) as Expr]);
}

function loader<R extends ValType>(type: R, name: string, code: number): Loader<R> {
  return (address, offset = 0) => {
    const node: Load<R> = { kind: "load", type, name, code, address: lift("i32", address), offset };
    return node as Expr<R>;
  };
}

function selector<T extends ValType>(type: T): Selector<T> {
  return (condition, whenTrue, whenFalse) => {
    const node: Select<T> = {
      kind: "select",
      type,
      condition: lift("i32", condition),
      whenTrue: lift(type, whenTrue),
      whenFalse: lift(type, whenFalse),
    };
    return node as Expr<T>;
  };
}

interface IntegerOps<T extends "i32" | "i64"> {
  readonly const: (value: number | bigint) => Expr<T>;
  readonly select: Selector<T>;
  readonly eqz: Unary<T, "i32">;
  readonly eq: Binary<T, "i32">;
  readonly ne: Binary<T, "i32">;
  readonly lt_s: Binary<T, "i32">;
  readonly lt_u: Binary<T, "i32">;
  readonly gt_s: Binary<T, "i32">;
  readonly gt_u: Binary<T, "i32">;
  readonly le_s: Binary<T, "i32">;
  readonly le_u: Binary<T, "i32">;
  readonly ge_s: Binary<T, "i32">;
  readonly ge_u: Binary<T, "i32">;
  readonly clz: Unary<T, T>;
  readonly ctz: Unary<T, T>;
  readonly popcnt: Unary<T, T>;
  readonly add: Binary<T, T>;
  readonly sub: Binary<T, T>;
  readonly mul: Binary<T, T>;
  readonly div_s: Binary<T, T>;
  readonly div_u: Binary<T, T>;
  readonly rem_s: Binary<T, T>;
  readonly rem_u: Binary<T, T>;
  readonly and: Binary<T, T>;
  readonly or: Binary<T, T>;
  readonly xor: Binary<T, T>;
  readonly shl: Binary<T, T>;
  readonly shr_s: Binary<T, T>;
  readonly shr_u: Binary<T, T>;
  readonly rotl: Binary<T, T>;
  readonly rotr: Binary<T, T>;
  readonly extend8_s: Unary<T, T>;
  readonly extend16_s: Unary<T, T>;
  readonly load: Loader<T>;
  readonly load8_s: Loader<T>;
  readonly load8_u: Loader<T>;
  readonly load16_s: Loader<T>;
  readonly load16_u: Loader<T>;
}

/** Opcodes of the integer instructions: the first of the comparisons, of the arithmetic, of the loads. */
function integerOps<T extends "i32" | "i64">(
  t: T,
  compare: number,
  arithmetic: number,
  load: number,
  narrow: number,
  extend: number,
): IntegerOps<T> {
  const test = (name: string, at: number): Binary<T, "i32"> => binary(t, "i32", `${t}.${name}`, compare + at);
  const math = (name: string, at: number): Binary<T, T> => binary(t, t, `${t}.${name}`, arithmetic + at);
  const bits = (name: string, at: number): Unary<T, T> => unary(t, t, `${t}.${name}`, arithmetic + at);
  return {
    const: (value) => constant(t, value),
    select: selector(t),
    eqz: unary(t, "i32", `${t}.eqz`, compare),
    eq: test("eq", 1),
    ne: test("ne", 2),
    lt_s: test("lt_s", 3),
    lt_u: test("lt_u", 4),
    gt_s: test("gt_s", 5),
    gt_u: test("gt_u", 6),
    le_s: test("le_s", 7),
    le_u: test("le_u", 8),
    ge_s: test("ge_s", 9),
    ge_u: test("ge_u", 10),
    clz: bits("clz", 0),
    ctz: bits("ctz", 1),
    popcnt: bits("popcnt", 2),
    add: math("add", 3),
    sub: math("sub", 4),
    mul: math("mul", 5),
    div_s: math("div_s", 6),
    div_u: math("div_u", 7),
    rem_s: math("rem_s", 8),
    rem_u: math("rem_u", 9),
    and: math("and", 10),
    or: math("or", 11),
    xor: math("xor", 12),
    shl: math("shl", 13),
    shr_s: math("shr_s", 14),
    shr_u: math("shr_u", 15),
    rotl: math("rotl", 16),
    rotr: math("rotr", 17),
    extend8_s: unary(t, t, `${t}.extend8_s`, extend),
    extend16_s: unary(t, t, `${t}.extend16_s`, extend + 1),
    load: loader(t, `${t}.load`, load),
    load8_s: loader(t, `${t}.load8_s`, narrow),
    load8_u: loader(t, `${t}.load8_u`, narrow + 1),
    load16_s: loader(t, `${t}.load16_s`, narrow + 2),
    load16_u: loader(t, `${t}.load16_u`, narrow + 3),
  };
}

interface FloatOps<T extends "f32" | "f64"> {
  readonly const: (value: number) => Expr<T>;
  readonly select: Selector<T>;
  readonly eq: Binary<T, "i32">;
  readonly ne: Binary<T, "i32">;
  readonly lt: Binary<T, "i32">;
  readonly gt: Binary<T, "i32">;
  readonly le: Binary<T, "i32">;
  readonly ge: Binary<T, "i32">;
  readonly abs: Unary<T, T>;
  readonly neg: Unary<T, T>;
  readonly ceil: Unary<T, T>;
  readonly floor: Unary<T, T>;
  readonly trunc: Unary<T, T>;
  readonly nearest: Unary<T, T>;
  readonly sqrt: Unary<T, T>;
  readonly add: Binary<T, T>;
  readonly sub: Binary<T, T>;
  readonly mul: Binary<T, T>;
  readonly div: Binary<T, T>;
  readonly min: Binary<T, T>;
  readonly max: Binary<T, T>;
  readonly copysign: Binary<T, T>;
  readonly load: Loader<T>;
  /**
   * x * y + z, rounded once or twice as the engine likes: `relaxed_madd` of the relaxed SIMD instructions, on one lane.
   * Not every engine has it.
   */
  readonly relaxed_madd: (x: Operand<T>, y: Operand<T>, z: Operand<T>) => Expr<T>;
  readonly convert_i32_s: Unary<"i32", T>;
  readonly convert_i32_u: Unary<"i32", T>;
  readonly convert_i64_s: Unary<"i64", T>;
  readonly convert_i64_u: Unary<"i64", T>;
}

/** The vector instructions of a format; what is between splat and extract is a vector, whatever its type says. */
interface VectorCodes {
  readonly name: string;
  readonly splat: readonly number[];
  readonly madd: readonly number[];
  readonly extract: readonly number[];
}

function floatOps<T extends "f32" | "f64">(
  t: T,
  compare: number,
  arithmetic: number,
  load: number,
  convert: number,
  vector: VectorCodes,
): FloatOps<T> {
  const test = (name: string, at: number): Binary<T, "i32"> => binary(t, "i32", `${t}.${name}`, compare + at);
  const one = (name: string, at: number): Unary<T, T> => unary(t, t, `${t}.${name}`, arithmetic + at);
  const two = (name: string, at: number): Binary<T, T> => binary(t, t, `${t}.${name}`, arithmetic + at);
  return {
    const: (value) => constant(t, value),
    select: selector(t),
    eq: test("eq", 0),
    ne: test("ne", 1),
    lt: test("lt", 2),
    gt: test("gt", 3),
    le: test("le", 4),
    ge: test("ge", 5),
    abs: one("abs", 0),
    neg: one("neg", 1),
    ceil: one("ceil", 2),
    floor: one("floor", 3),
    trunc: one("trunc", 4),
    nearest: one("nearest", 5),
    sqrt: one("sqrt", 6),
    add: two("add", 7),
    sub: two("sub", 8),
    mul: two("mul", 9),
    div: two("div", 10),
    min: two("min", 11),
    max: two("max", 12),
    copysign: two("copysign", 13),
    load: loader(t, `${t}.load`, load),
    relaxed_madd(x, y, z) {
      const { name, splat, madd, extract } = vector;
      const [a, b, c] = [x, y, z].map(
        (e) => operation(t, `${name}.splat`, splat, [lift(t, e) as Expr]) as Expr,
      );
      const sum = operation(t, `${name}.relaxed_madd`, madd, [a as Expr, b as Expr, c as Expr]) as Expr;
      return operation(t, `${name}.extract_lane 0`, extract, [sum]);
    },
    convert_i32_s: unary("i32", t, `${t}.convert_i32_s`, convert),
    convert_i32_u: unary("i32", t, `${t}.convert_i32_u`, convert + 1),
    convert_i64_s: unary("i64", t, `${t}.convert_i64_s`, convert + 2),
    convert_i64_u: unary("i64", t, `${t}.convert_i64_u`, convert + 3),
  };
}

interface I32Ops extends IntegerOps<"i32"> {
  readonly wrap_i64: Unary<"i64", "i32">;
  readonly reinterpret_f32: Unary<"f32", "i32">;
  readonly trunc_sat_f64_s: Unary<"f64", "i32">;
  readonly trunc_sat_f64_u: Unary<"f64", "i32">;
}

interface I64Ops extends IntegerOps<"i64"> {
  readonly extend_i32_s: Unary<"i32", "i64">;
  readonly extend_i32_u: Unary<"i32", "i64">;
  readonly extend32_s: Unary<"i64", "i64">;
  readonly reinterpret_f64: Unary<"f64", "i64">;
  readonly trunc_sat_f64_s: Unary<"f64", "i64">;
  readonly trunc_sat_f64_u: Unary<"f64", "i64">;
  readonly load32_s: Loader<"i64">;
  readonly load32_u: Loader<"i64">;
}

interface F32Ops extends FloatOps<"f32"> {
  readonly demote_f64: Unary<"f64", "f32">;
  readonly reinterpret_i32: Unary<"i32", "f32">;
}

interface F64Ops extends FloatOps<"f64"> {
  readonly promote_f32: Unary<"f32", "f64">;
  readonly reinterpret_i64: Unary<"i64", "f64">;
}

/** Instructions that yield or compare i32 values (core specification, "Numeric Instructions"). */
export const i32: I32Ops = {
  ...integerOps("i32", 0x45, 0x67, 0x28, 0x2c, 0xc0),
  wrap_i64: unary("i64", "i32", "i32.wrap_i64", 0xa7),
  reinterpret_f32: unary("f32", "i32", "i32.reinterpret_f32", 0xbc),
  trunc_sat_f64_s: unary("f64", "i32", "i32.trunc_sat_f64_s", 0xfc, 2),
  trunc_sat_f64_u: unary("f64", "i32", "i32.trunc_sat_f64_u", 0xfc, 3),
};

/** Instructions that yield or compare i64 values. */
export const i64: I64Ops = {
  ...integerOps("i64", 0x50, 0x79, 0x29, 0x30, 0xc2),
  extend_i32_s: unary("i32", "i64", "i64.extend_i32_s", 0xac),
  extend_i32_u: unary("i32", "i64", "i64.extend_i32_u", 0xad),
  extend32_s: unary("i64", "i64", "i64.extend32_s", 0xc4),
  reinterpret_f64: unary("f64", "i64", "i64.reinterpret_f64", 0xbd),
  trunc_sat_f64_s: unary("f64", "i64", "i64.trunc_sat_f64_s", 0xfc, 6),
  trunc_sat_f64_u: unary("f64", "i64", "i64.trunc_sat_f64_u", 0xfc, 7),
  load32_s: loader("i64", "i64.load32_s", 0x34),
  load32_u: loader("i64", "i64.load32_u", 0x35),
};

/** Instructions that yield or compare f32 values. */
export const f32: F32Ops = {
  ...floatOps("f32", 0x5b, 0x8b, 0x2a, 0xb2, {
    name: "f32x4",
    splat: [0xfd, 0x13],
    madd: [0xfd, 0x85, 0x02],
    extract: [0xfd, 0x1f, 0x00],
  }),
  demote_f64: unary("f64", "f32", "f32.demote_f64", 0xb6),
  reinterpret_i32: unary("i32", "f32", "f32.reinterpret_i32", 0xbe),
};

/** Instructions that yield or compare f64 values. */
export const f64: F64Ops = {
  ...floatOps("f64", 0x61, 0x99, 0x2b, 0xb7, {
    name: "f64x2",
    splat: [0xfd, 0x14],
    madd: [0xfd, 0x87, 0x02],
    extract: [0xfd, 0x21, 0x00],
  }),
  promote_f32: unary("f32", "f64", "f64.promote_f32", 0xbb),
  reinterpret_i64: unary("i64", "f64", "f64.reinterpret_i64", 0xbf),
};

/** Makes an expression of an operand; a plain number becomes a constant of `type`. */
export const toExpr: <T extends ValType>(type: T, x: Operand<T>) => Expr<T> = lift;

// Aliases that keep signatures elsewhere short.
export type { F64, I32, I64 };
