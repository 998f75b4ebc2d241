import { type Expr, type F64, f32, f64, type I32, type I64, i32 } from "../wasm/expr.js";

// What floating-point instructions mean is written down over bits. Here those that can be are done without leaving the
// floating-point registers. Sign operations of WebAssembly are bitwise, NaNs included (core specification, "fneg").

const DOUBLE_SIGN = -(1n << 63n);
const SINGLE_SIGN = -(2 ** 31);
/** What is above a single in a register (unprivileged manual, "NaN Boxing of Narrower Values"). */
const BOX = -(1n << 32n);

type Pair = readonly [first: Expr, second: Expr];

function operandsOf(e: Expr, name: string): Pair | undefined {
  if (e.kind !== "operation" || e.name !== name) return undefined;
  const [first, second] = e.operands;
  return first === undefined || second === undefined ? undefined : [first, second];
}

function operandOf(e: Expr, name: string): Expr | undefined {
  return e.kind === "operation" && e.name === name ? e.operands[0] : undefined;
}

function isConstant(e: Expr, value: number | bigint): boolean {
  return e.kind === "const" && BigInt.asIntN(64, BigInt(e.value)) === BigInt(value);
}

/** Whether both are one local variable's bits. */
function same(a: Expr, b: Expr): boolean {
  if (a.kind === "local" && b.kind === "local") return a.index === b.index;
  const inA = a.kind === "operation" && a.name.includes("reinterpret") ? a.operands[0] : undefined;
  const inB = b.kind === "operation" && b.name.includes("reinterpret") ? b.operands[0] : undefined;
  return inA !== undefined && inB !== undefined && same(inA, inB);
}

/** The operations of one width. */
interface Width<B extends "i32" | "i64", F extends "f32" | "f64"> {
  readonly type: B;
  readonly float: F;
  readonly sign: number | bigint;
  readonly load: (address: Expr<"i32">, offset: number) => Expr<F>;
  readonly reinterpret: (bits: Expr<B>) => Expr<F>;
  readonly neg: (x: Expr<F>) => Expr<F>;
  readonly abs: (x: Expr<F>) => Expr<F>;
  readonly copysign: (x: Expr<F>, sign: Expr<F>) => Expr<F>;
}

const DOUBLE: Width<"i64", "f64"> = {
  type: "i64",
  float: "f64",
  sign: DOUBLE_SIGN,
  load: f64.load,
  reinterpret: f64.reinterpret_i64,
  neg: f64.neg,
  abs: f64.abs,
  copysign: f64.copysign,
};
const SINGLE: Width<"i32", "f32"> = {
  type: "i32",
  float: "f32",
  sign: SINGLE_SIGN,
  load: f32.load,
  reinterpret: f32.reinterpret_i32,
  neg: f32.neg,
  abs: f32.abs,
  copysign: f32.copysign,
};

function isOf<T extends "i32" | "i64" | "f32" | "f64">(e: Expr | undefined, type: T): e is Expr<T> {
  return e?.type === type;
}

function asFloat<B extends "i32" | "i64", F extends "f32" | "f64">(
  width: Width<B, F>,
  bits: Expr<B>,
): Expr<F> {
  const { type, float, sign } = width;
  const e: Expr = bits;
  const number = operandOf(e, `${type}.reinterpret_${float}`);
  if (isOf(number, float)) return number;
  if (e.kind === "load" && e.name === `${type}.load`) return width.load(e.address, e.offset);
  const flipped = operandsOf(e, `${type}.xor`);
  if (flipped !== undefined && isConstant(flipped[1], sign) && isOf(flipped[0], type)) {
    return width.neg(asFloat(width, flipped[0]));
  }
  const injected = operandsOf(e, `${type}.or`);
  if (injected === undefined) return width.reinterpret(bits);
  const magnitude = operandsOf(injected[0], `${type}.and`);
  const signBit = operandsOf(injected[1], `${type}.and`);
  const mask = ~BigInt(sign);
  if (magnitude === undefined || signBit === undefined) return width.reinterpret(bits);
  if (!isConstant(magnitude[1], mask) || !isConstant(signBit[1], sign)) return width.reinterpret(bits);
  const [of] = magnitude;
  const [from] = signBit;
  if (!isOf(of, type) || !isOf(from, type)) return width.reinterpret(bits);
  if (same(of, from)) return asFloat(width, of);
  const both = operandsOf(from, `${type}.xor`);
  if (both !== undefined && same(both[0], of)) {
    if (same(both[1], of)) return width.abs(asFloat(width, of));
    if (isConstant(both[1], sign)) return width.neg(asFloat(width, of));
  }
  return width.copysign(asFloat(width, of), asFloat(width, from));
}

/** The same bits as a double: loaded as one where they are loaded, taken as they are where they came from one. */
export function asDouble(bits: I64): F64 {
  return asFloat(DOUBLE, bits);
}

/** The same bits as a single. */
export function asSingle(bits: I32): Expr<"f32"> {
  return asFloat(SINGLE, bits);
}

/** The bits of the single that is NaN-boxed here; undefined unless it is seen to be boxed. */
export function boxedSingle(register: I64): I32 | undefined {
  const [bits, box] = operandsOf(register, "i64.or") ?? [];
  if (bits === undefined || box === undefined || !isConstant(box, BOX)) return undefined;
  const narrow = operandOf(bits, "i64.extend_i32_u");
  if (isOf(narrow, "i32")) return narrow;
  return isOf(bits, "i64") ? i32.wrap_i64(bits) : undefined;
}

/** The variable that the bits of a register are taken from, if it is one. */
export function variableOf(register: I64): number | undefined {
  const variable = operandOf(register, "i64.reinterpret_f64");
  return variable?.kind === "local" ? variable.index : undefined;
}

/** Whether computing it does something besides. */
export function hasEffect(e: Expr): boolean {
  switch (e.kind) {
    case "call":
    case "callIndirect":
      return true;
    case "operation":
      return e.operands.some(hasEffect);
    case "load":
      return hasEffect(e.address);
    case "select":
      return hasEffect(e.condition) || hasEffect(e.whenTrue) || hasEffect(e.whenFalse);
    case "const":
    case "local":
      return false;
  }
}
