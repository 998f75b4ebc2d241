import {
  arity,
  type Case,
  type FormatName,
  MODES,
  OPERATIONS,
  type Operation,
  SHAPES,
} from "./operations.js";

/** Pseudo-random 32-bit words, the same for the same seed (xorshift128, Marsaglia 2003). */
interface Random {
  word(): number;
  below(n: number): number;
  bits(n: number): bigint;
}

function createRandom(seed: number): Random {
  let [x, y, z, w] = [seed ^ 0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef];
  const random: Random = {
    word() {
      const t = x ^ (x << 11);
      [x, y, z] = [y, z, w];
      w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
      return w >>> 0;
    },
    below: (n) => Math.floor((random.word() / 2 ** 32) * n),
    bits: (n) => ((BigInt(random.word()) << 32n) | BigInt(random.word())) >> BigInt(64 - n),
  };
  for (let i = 0; i < 20; i++) random.word();
  return random;
}

function assemble(format: FormatName, sign: number, exponent: number, fraction: bigint): bigint {
  const { exponentBits, fractionBits } = SHAPES[format];
  return (
    (BigInt(sign) << BigInt(exponentBits + fractionBits)) |
    (BigInt(exponent) << BigInt(fractionBits)) |
    fraction
  );
}

/** A fraction: random, sparse, or with long runs of zeros or ones. */
function someFraction(random: Random, bits: number): bigint {
  const all = (1n << BigInt(bits)) - 1n;
  const at = (): bigint => 1n << BigInt(random.below(bits));
  switch (random.below(7)) {
    case 0:
      return 0n;
    case 1:
      return all;
    case 2:
      return at();
    case 3:
      return all ^ at();
    case 4:
      return (at() - 1n) ^ (random.below(2) === 0 ? 0n : all);
    case 5:
      return ((random.bits(bits) >> BigInt(random.below(bits))) << BigInt(random.below(bits))) & all;
    default:
      return random.bits(bits);
  }
}

function someExponent(random: Random, format: FormatName): number {
  const { exponentBits } = SHAPES[format];
  const max = 2 ** exponentBits - 1;
  const bias = max >> 1;
  switch (random.below(8)) {
    case 0:
      return 0;
    case 1:
      return random.below(4);
    case 2:
      return max - random.below(4);
    case 3:
      // Products and quotients of two such are near the ends of the range.
      return Math.min(
        max,
        Math.max(0, (random.below(2) === 0 ? bias >> 1 : bias + (bias >> 1)) + random.below(5) - 2),
      );
    case 4:
      return random.below(max + 1);
    case 5:
      // Around the bounds of integer formats.
      return Math.min(max, bias + random.below(68));
    default:
      return bias + random.below(9) - 4;
  }
}

/** Any bit pattern of a format, the awkward ones often. */
function someNumber(random: Random, format: FormatName): bigint {
  const { width, fractionBits } = SHAPES[format];
  if (random.below(16) === 0) return random.bits(width);
  return assemble(format, random.below(2), someExponent(random, format), someFraction(random, fractionBits));
}

/** A number near another one: its neighbour, its negative, or a power of two away. */
function near(random: Random, format: FormatName, x: bigint): bigint {
  const { width, exponentBits, fractionBits } = SHAPES[format];
  const sign = BigInt(random.below(2)) << BigInt(width - 1);
  const moved = BigInt(random.below(2 * fractionBits + 8) - fractionBits - 4) << BigInt(fractionBits);
  const nudged = BigInt(random.below(5) - 2);
  const shift = random.below(3) === 0 ? moved : 0n;
  const infinity = ((1n << BigInt(exponentBits)) - 1n) << BigInt(fractionBits);
  const magnitude = (x & ((1n << BigInt(width - 1)) - 1n)) + shift + nudged;
  if (magnitude < 0n || magnitude >= infinity) return x ^ sign;
  return magnitude | sign;
}

/** The native product or so of two numbers, to cancel against. */
function nativeProduct(format: FormatName, x: bigint, y: bigint): bigint {
  const view = new DataView(new ArrayBuffer(8));
  const value = (bits: bigint): number => {
    if (format === "single") {
      view.setUint32(0, Number(bits));
      return view.getFloat32(0);
    }
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  };
  const product = value(x) * value(y);
  if (format === "single") {
    view.setFloat32(0, product);
    return BigInt(view.getUint32(0));
  }
  view.setFloat64(0, product);
  return view.getBigUint64(0);
}

/** A number whose product or quotient with `x` is about where underflow or overflow begins. */
function partner(random: Random, format: FormatName, x: bigint): bigint {
  const { exponentBits, fractionBits } = SHAPES[format];
  const max = 2 ** exponentBits - 1;
  const exponent = Number((x >> BigInt(fractionBits)) & BigInt(max));
  const bias = max >> 1;
  const bounds = [0, -fractionBits, max - 1] as const;
  const target = (bounds[random.below(3)] ?? 0) + random.below(5) - 2;
  const wanted = random.below(2) === 0 ? target - exponent + bias : exponent - target + bias;
  return assemble(
    format,
    random.below(2),
    Math.min(max - 1, Math.max(0, wanted)),
    someFraction(random, fractionBits),
  );
}

/** A second operand. */
function other(random: Random, format: FormatName, x: bigint): bigint {
  switch (random.below(3)) {
    case 0:
      return near(random, format, x);
    case 1:
      return partner(random, format, x);
    default:
      return someNumber(random, format);
  }
}

/** A double next to what a single can hold: exact, half-way, or a little off, subnormal ones included. */
function nearSingle(random: Random): bigint {
  const exponent = 1023 - 127 + random.below(260) - 30;
  const kept = 23 - (random.below(2) === 0 ? 0 : random.below(24));
  const low = BigInt(52 - kept);
  const tails = [
    0n,
    1n,
    (1n << (low - 1n)) - 1n,
    1n << (low - 1n),
    (1n << (low - 1n)) + 1n,
    (1n << low) - 1n,
  ];
  const head = (someFraction(random, 52) >> low) << low;
  return assemble("double", random.below(2), exponent, head | (tails[random.below(tails.length)] ?? 0n));
}

function someInteger(random: Random): bigint {
  switch (random.below(4)) {
    case 0:
      return BigInt.asUintN(64, BigInt(random.below(65) - 32));
    case 1: {
      const power = 1n << BigInt(random.below(64));
      return BigInt.asUintN(64, (random.below(2) === 0 ? power : -power) + BigInt(random.below(5) - 2));
    }
    case 2:
      return BigInt.asUintN(64, BigInt.asIntN(64, random.bits(64)) >> BigInt(random.below(64)));
    default:
      return someFraction(random, 64);
  }
}

/** Operands for an operation, biased towards where it is difficult. */
function someOperands(random: Random, operation: Operation, format: FormatName): Case["operands"] {
  if (arity(operation) === 0) return [someInteger(random), 0n, 0n];
  if (operation === "convert" && format === "double" && random.below(2) === 0)
    return [nearSingle(random), 0n, 0n];
  const x = someNumber(random, format);
  if (arity(operation) === 1) return [x, 0n, 0n];
  const y = other(random, format, x);
  if (arity(operation) === 2) return [x, y, 0n];
  const z =
    random.below(2) === 0 ? near(random, format, nativeProduct(format, x, y)) : someNumber(random, format);
  return [x, y, z];
}

/** `count` cases, going round these operations, with any format and mode. */
export function someCases(
  seed: number,
  count: number,
  operations: readonly Operation[] = OPERATIONS,
  modes: readonly number[] = MODES,
): Case[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i): Case => {
    const operation = operations[i % operations.length] ?? "add";
    const format = random.below(2) === 0 ? "single" : "double";
    const rm = modes[random.below(modes.length)] ?? 0;
    return { operation, format, rm, operands: someOperands(random, operation, format) };
  });
}
