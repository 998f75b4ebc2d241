import { type Case, type FormatName, type Outcome, RDN, RMM, RNE, RUP, SHAPES } from "./operations.js";

// IEEE 754 with RISC-V's choices, once more: rational numbers of any size, rounded once, by the words of the standard.

const NX = 1;
const UF = 2;
const OF = 4;
const DZ = 8;
const NV = 16;

interface Value {
  readonly kind: "number" | "infinity" | "quiet" | "signaling";
  readonly negative: boolean;
  /** The magnitude of a number: n * 2^e. */
  readonly n: bigint;
  readonly e: number;
}

interface Shape {
  readonly precision: number;
  readonly emin: number;
  readonly emax: number;
  readonly width: number;
}

function shape(format: FormatName): Shape {
  const { width, exponentBits, fractionBits } = SHAPES[format];
  const emax = 2 ** (exponentBits - 1) - 1;
  return { precision: fractionBits + 1, emin: 1 - emax, emax, width };
}

function encode(format: FormatName, negative: boolean, field: number, fraction: bigint): bigint {
  const { width, precision } = shape(format);
  return (negative ? 1n << BigInt(width - 1) : 0n) | (BigInt(field) << BigInt(precision - 1)) | fraction;
}

const infinity = (format: FormatName, negative: boolean): bigint =>
  encode(format, negative, 2 * shape(format).emax + 1, 0n);
const zero = (format: FormatName, negative: boolean): bigint => encode(format, negative, 0, 0n);
const canonicalNaN = (format: FormatName): bigint =>
  infinity(format, false) | (1n << BigInt(shape(format).precision - 2));

function decode(format: FormatName, bits: bigint): Value {
  const { precision, emin, emax, width } = shape(format);
  const negative = bits >> BigInt(width - 1) === 1n;
  const field = Number((bits >> BigInt(precision - 1)) & BigInt(2 * emax + 1));
  const fraction = BigInt.asUintN(precision - 1, bits);
  const e = Math.max(field, 1) - 1 + emin - (precision - 1);
  const n = field === 0 ? fraction : fraction | (1n << BigInt(precision - 1));
  if (field <= 2 * emax) return { kind: "number", negative, n, e };
  if (fraction === 0n) return { kind: "infinity", negative, n, e };
  const quiet = fraction >> BigInt(precision - 2) === 1n;
  return { kind: quiet ? "quiet" : "signaling", negative, n, e };
}

const isNaNValue = (x: Value): boolean => x.kind === "quiet" || x.kind === "signaling";
const isZero = (x: Value): boolean => x.kind === "number" && x.n === 0n;
const scale = (n: bigint, by: number): bigint => n << BigInt(by);
const length = (n: bigint): number => n.toString(2).length;

/** num / den to an integer. */
function roundQuotient(num: bigint, den: bigint, negative: boolean, rm: number): [bigint, boolean] {
  const floor = num / den;
  const rest = num - floor * den;
  if (rest === 0n) return [floor, false];
  const half = 2n * rest - den;
  const up =
    (rm === RNE && (half > 0n || (half === 0n && floor % 2n === 1n))) ||
    (rm === RMM && half >= 0n) ||
    (rm === RDN && negative) ||
    (rm === RUP && !negative);
  return [up ? floor + 1n : floor, true];
}

/** num / den * 2^e, other than 0, to a format. */
function round(
  format: FormatName,
  negative: boolean,
  num: bigint,
  den: bigint,
  e: number,
  rm: number,
): Outcome {
  const { precision, emin, emax } = shape(format);
  const at = (quantum: number): [bigint, boolean] => {
    const by = e - quantum;
    return by >= 0
      ? roundQuotient(scale(num, by), den, negative, rm)
      : roundQuotient(num, scale(den, -by), negative, rm);
  };
  // 2^binade <= num / den * 2^e < 2^(binade + 1)
  const guess = length(num) - length(den);
  const over = guess >= 0 ? num >= scale(den, guess) : scale(num, -guess) >= den;
  const binade = e + (over ? guess : guess - 1);

  const [unbounded] = at(binade - precision + 1);
  const carried = unbounded === scale(1n, precision);
  const tiny = (carried ? binade + 1 : binade) < emin;

  let quantum = Math.max(binade, emin) - precision + 1;
  let [significand, inexact] = at(quantum);
  if (significand === scale(1n, precision)) {
    significand >>= 1n;
    quantum++;
  }
  const exponent = quantum + precision - 1;
  if (exponent > emax) {
    const toInfinity = rm === RNE || rm === RMM || (rm === RDN && negative) || (rm === RUP && !negative);
    return { result: infinity(format, negative) - (toInfinity ? 0n : 1n), flags: OF | NX };
  }
  const implicit = scale(1n, precision - 1);
  const flags = (inexact ? NX : 0) | (inexact && tiny ? UF : 0);
  const result =
    significand < implicit
      ? encode(format, negative, 0, significand)
      : encode(format, negative, exponent + emax, significand - implicit);
  return { result, flags };
}

function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let root = scale(1n, Math.ceil(length(n) / 2));
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

const exactly = (result: bigint, flags = 0): Outcome => ({ result, flags });

/** x + y, of numbers. */
function sum(format: FormatName, x: Value, y: Value, rm: number): Outcome {
  const e = Math.min(x.e, y.e);
  const signed = (z: Value): bigint => (z.negative ? -1n : 1n) * scale(z.n, z.e - e);
  const total = signed(x) + signed(y);
  if (total === 0n) return exactly(zero(format, x.negative === y.negative ? x.negative : rm === RDN));
  return round(format, total < 0n, total < 0n ? -total : total, 1n, e, rm);
}

function product(x: Value, y: Value): Value {
  return { kind: "number", negative: x.negative !== y.negative, n: x.n * y.n, e: x.e + y.e };
}

function fma(format: FormatName, x: Value, y: Value, z: Value, rm: number): Outcome {
  const values = [x, y, z];
  const negative = x.negative !== y.negative;
  const infinite = x.kind === "infinity" || y.kind === "infinity";
  const invalidProduct = infinite && (isZero(x) || isZero(y));
  if (values.some(isNaNValue) || invalidProduct) {
    const invalid = invalidProduct || values.some((v) => v.kind === "signaling");
    return exactly(canonicalNaN(format), invalid ? NV : 0);
  }
  if (infinite && z.kind === "infinity" && z.negative !== negative) return exactly(canonicalNaN(format), NV);
  if (infinite) return exactly(infinity(format, negative));
  if (z.kind === "infinity") return exactly(infinity(format, z.negative));
  return sum(format, product(x, y), z, rm);
}

function binary(operation: string, format: FormatName, x: Value, y: Value, rm: number): Outcome {
  const nan = (flags: number): Outcome => exactly(canonicalNaN(format), flags);
  const negative = x.negative !== y.negative;
  if (isNaNValue(x) || isNaNValue(y)) return nan(x.kind === "signaling" || y.kind === "signaling" ? NV : 0);
  const infinite = [x, y].filter((v) => v.kind === "infinity");
  if (operation === "add") {
    if (infinite.length === 2 && negative) return nan(NV);
    const [first] = infinite;
    return first === undefined ? sum(format, x, y, rm) : exactly(infinity(format, first.negative));
  }
  if (operation === "mul") {
    if (infinite.length > 0) return isZero(x) || isZero(y) ? nan(NV) : exactly(infinity(format, negative));
    if (isZero(x) || isZero(y)) return exactly(zero(format, negative));
    return round(format, negative, x.n * y.n, 1n, x.e + y.e, rm);
  }
  if (infinite.length === 2 || (isZero(x) && isZero(y))) return nan(NV);
  if (x.kind === "infinity") return exactly(infinity(format, negative));
  if (isZero(y)) return exactly(infinity(format, negative), DZ);
  if (y.kind === "infinity" || isZero(x)) return exactly(zero(format, negative));
  return round(format, negative, x.n, y.n, x.e - y.e, rm);
}

function sqrt(format: FormatName, x: Value, rm: number): Outcome {
  if (isNaNValue(x)) return exactly(canonicalNaN(format), x.kind === "signaling" ? NV : 0);
  if (isZero(x)) return exactly(zero(format, x.negative));
  if (x.negative) return exactly(canonicalNaN(format), NV);
  if (x.kind === "infinity") return exactly(infinity(format, false));
  const more = 128 + (Math.abs(x.e) % 2);
  const scaled = scale(x.n, more);
  const root = squareRoot(scaled);
  // One more bit tells whether there was a rest.
  const sticky = root * root === scaled ? 0n : 1n;
  return round(format, false, 2n * root + sticky, 1n, (x.e - more) / 2 - 1, rm);
}

/** -1, 0 or 1, of anything but NaNs. */
function order(x: Value, y: Value): number {
  const e = Math.min(x.e, y.e);
  const signed = (z: Value): bigint => (z.negative ? -1n : 1n) * scale(z.n, z.e - e);
  const difference = signed(x) - signed(y);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function compare(operation: string, x: Value, y: Value): Outcome {
  if (isNaNValue(x) || isNaNValue(y)) {
    const invalid = operation !== "eq" || x.kind === "signaling" || y.kind === "signaling";
    return exactly(0n, invalid ? NV : 0);
  }
  const sign = order(x, y);
  const holds = operation === "eq" ? sign === 0 : operation === "lt" ? sign < 0 : sign <= 0;
  return exactly(holds ? 1n : 0n);
}

function extremum(format: FormatName, min: boolean, x: Value, y: Value, a: bigint, b: bigint): Outcome {
  const flags = x.kind === "signaling" || y.kind === "signaling" ? NV : 0;
  if (isNaNValue(x)) return exactly(isNaNValue(y) ? canonicalNaN(format) : b, flags);
  if (isNaNValue(y)) return exactly(a, flags);
  const sign = order(x, y);
  const less = sign < 0 || (sign === 0 && x.negative);
  return exactly(less === min ? a : b);
}

function toInteger(operation: string, x: Value, rm: number): Outcome {
  const signed = operation[2] === "I";
  const bits = BigInt(operation.slice(3));
  const least = signed ? -(1n << (bits - 1n)) : 0n;
  const greatest = (1n << (signed ? bits - 1n : bits)) - 1n;
  const register = (n: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(Number(bits), n));
  if (isNaNValue(x)) return exactly(register(greatest), NV);
  const negative = x.negative;
  if (x.kind === "infinity") return exactly(register(negative ? least : greatest), NV);
  const [magnitude, inexact] =
    x.e >= 0 ? [scale(x.n, x.e), false] : roundQuotient(x.n, scale(1n, -x.e), negative, rm);
  const integer = negative ? -magnitude : magnitude;
  if (integer < least || integer > greatest) return exactly(register(negative ? least : greatest), NV);
  return exactly(register(integer), inexact ? NX : 0);
}

function fromInteger(operation: string, format: FormatName, register: bigint, rm: number): Outcome {
  const bits = Number(operation.slice(5));
  const n = operation[4] === "I" ? BigInt.asIntN(bits, register) : BigInt.asUintN(bits, register);
  if (n === 0n) return exactly(0n);
  return round(format, n < 0n, n < 0n ? -n : n, 1n, 0, rm);
}

function convert(to: FormatName, x: Value, rm: number): Outcome {
  if (isNaNValue(x)) return exactly(canonicalNaN(to), x.kind === "signaling" ? NV : 0);
  if (x.kind === "infinity") return exactly(infinity(to, x.negative));
  return isZero(x) ? exactly(zero(to, x.negative)) : round(to, x.negative, x.n, 1n, x.e, rm);
}

/** The bit that FCLASS sets. */
function classify(format: FormatName, x: Value): Outcome {
  const { precision } = shape(format);
  if (isNaNValue(x)) return exactly(x.kind === "quiet" ? 1n << 9n : 1n << 8n);
  const subnormal = x.n < scale(1n, precision - 1);
  const fromZero = x.kind === "infinity" ? 3n : isZero(x) ? 0n : subnormal ? 1n : 2n;
  return exactly(1n << (x.negative ? 3n - fromZero : 4n + fromZero));
}

/** What the standard and the manual say that a case comes to. */
export function model({ operation, format, rm, operands }: Case): Outcome {
  const [a, b, c] = operands;
  if (operation.startsWith("from")) return fromInteger(operation, format, a, rm);
  const x = decode(format, a);
  const y = decode(format, b);
  switch (operation) {
    case "add":
    case "mul":
    case "div":
      return binary(operation, format, x, y, rm);
    case "sub":
      return binary("add", format, x, { ...y, negative: !y.negative }, rm);
    case "sqrt":
      return sqrt(format, x, rm);
    case "fma":
      return fma(format, x, y, decode(format, c), rm);
    case "min":
    case "max":
      return extremum(format, operation === "min", x, y, a, b);
    case "eq":
    case "lt":
    case "le":
      return compare(operation, x, y);
    case "classify":
      return classify(format, x);
    case "convert":
      return convert(format === "single" ? "double" : "single", x, rm);
    default:
      return toInteger(operation, x, rm);
  }
}
