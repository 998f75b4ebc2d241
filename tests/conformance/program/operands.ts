import type { Random } from "./random.js";

/** What a value is drawn for: floating-point values are likelier for one, integers for the other. */
export type Purpose = "integer" | "float" | "memory";

const BOX = 0xffffffff_00000000n;

const integers: readonly bigint[] = [7, 8, 12, 15, 16, 20, 23, 24, 31, 32, 52, 53, 62, 63].flatMap((n) => {
  const power = 1n << BigInt(n);
  return [power - 1n, power, power + 1n, -power, -power - 1n, 1n - power];
});

/** Singles where something happens: both zeros, subnormals, the edges of each range, halfway cases, NaNs. */
const singles: readonly bigint[] = [
  0x00000000n,
  0x00000001n,
  0x00000002n,
  0x00400000n,
  0x007fffffn,
  0x00800000n,
  0x00800001n,
  0x01000000n,
  0x0c000000n,
  0x1a000000n,
  0x1f800000n,
  0x1fffffffn,
  0x20000000n,
  0x33000000n,
  0x33800000n,
  0x33800001n,
  0x34000000n,
  0x3effffffn,
  0x3f000000n,
  0x3f000001n,
  0x3f7fffffn,
  0x3f800000n,
  0x3f800001n,
  0x3fc00000n,
  0x40000000n,
  0x40200000n,
  0x40490fdbn,
  0x4afffffen,
  0x4b000000n,
  0x4b000001n,
  0x4b7fffffn,
  0x4b800000n,
  0x4effffffn,
  0x4f000000n,
  0x4f000001n,
  0x4f7fffffn,
  0x4f800000n,
  0x5effffffn,
  0x5f000000n,
  0x5f000001n,
  0x5f7fffffn,
  0x5f800000n,
  0x5f3504f3n,
  0x7effffffn,
  0x7f000000n,
  0x7f7ffffen,
  0x7f7fffffn,
  0x7f800000n,
  0x7f800001n,
  0x7fa00000n,
  0x7fbfffffn,
  0x7fc00000n,
  0x7fc00001n,
  0x7fffffffn,
];

/** The same of doubles, with those that are special on the way to a single. */
const doubles: readonly bigint[] = [
  0x0000000000000000n,
  0x0000000000000001n,
  0x0000000000000002n,
  0x0008000000000000n,
  0x000fffffffffffffn,
  0x0010000000000000n,
  0x0010000000000001n,
  0x0020000000000000n,
  0x1ff0000000000000n,
  0x2000000000000000n,
  0x3680000000000000n,
  0x3690000000000000n,
  0x3690000000000001n,
  0x36a0000000000000n,
  0x380fffffe0000000n,
  0x380ffffff0000000n,
  0x3810000000000000n,
  0x3ca0000000000000n,
  0x3ca0000000000001n,
  0x3cb0000000000000n,
  0x3fdfffffffffffffn,
  0x3fe0000000000000n,
  0x3fe0000000000001n,
  0x3fefffffffffffffn,
  0x3ff0000000000000n,
  0x3ff0000000000001n,
  0x3ff0000010000000n,
  0x3ff0000010000001n,
  0x3ff0000030000000n,
  0x3ff8000000000000n,
  0x4000000000000000n,
  0x4004000000000000n,
  0x400921fb54442d18n,
  0x41dfffffffc00000n,
  0x41dfffffffe00000n,
  0x41dffffffff00000n,
  0x41e0000000000000n,
  0x41e0000000100000n,
  0x41e0000000200000n,
  0x41efffffffe00000n,
  0x41effffffff00000n,
  0x41f0000000000000n,
  0x432fffffffffffffn,
  0x4330000000000000n,
  0x4330000000000001n,
  0x43dfffffffffffffn,
  0x43e0000000000000n,
  0x43e0000000000001n,
  0x43efffffffffffffn,
  0x43f0000000000000n,
  0x47efffffe0000000n,
  0x47efffffefffffffn,
  0x47effffff0000000n,
  0x47f0000000000000n,
  0x7fe0000000000000n,
  0x7feffffffffffffen,
  0x7fefffffffffffffn,
  0x7ff0000000000000n,
  0x7ff0000000000001n,
  0x7ff4000000000000n,
  0x7ff7ffffffffffffn,
  0x7ff8000000000000n,
  0x7ff8000000000001n,
  0x7fffffffffffffffn,
];

const withSign = (values: readonly bigint[], sign: bigint): readonly bigint[] =>
  values.flatMap((v) => [v, v | sign]);

function words(values: readonly bigint[]): Uint32Array {
  return new Uint32Array(BigInt64Array.from(values.map((v) => BigInt.asIntN(64, v))).buffer);
}

const INTEGERS = words([0n, 1n, 2n, -1n, -2n, 3n, 10n, ...integers]);
const SINGLES = words(withSign(singles, 0x80000000n).map((v) => v | BOX));
const DOUBLES = words(withSign(doubles, 0x8000000000000000n));

function fromPool(pool: Uint32Array, random: Random, into: Uint32Array, at: number): void {
  const entry = (random() % (pool.length / 2)) * 2;
  into[at] = pool[entry] ?? 0;
  into[at + 1] = pool[entry + 1] ?? 0;
}

/** 32 bits of a significand: random, only the highest, only the lowest, or all but the lowest. */
function significand(random: Random): number {
  const bits = random();
  switch (random() & 7) {
    case 0:
      return bits & 0xffc0_0000;
    case 1:
      return bits & 3;
    case 2:
      return ~(bits & 3);
    case 3:
      return (1 << (bits & 31)) ^ (bits >> 31);
    default:
      return bits;
  }
}

/** How far an exponent is from 1.0's: mostly near, so that sums cancel and align. */
function distance(random: Random, far: number): number {
  const spread = (random() & 1) === 0 ? 4 : far;
  return (random() % (2 * spread + 1)) - spread;
}

function single(random: Random): number {
  const sign = random() & 0x8000_0000;
  return (sign | ((127 + distance(random, 60)) << 23) | (significand(random) >>> 9)) >>> 0;
}

function double(random: Random, into: Uint32Array, at: number): void {
  const sign = random() & 0x8000_0000;
  into[at] = significand(random) >>> 0;
  into[at + 1] = (sign | ((1023 + distance(random, 120)) << 20) | (significand(random) >>> 12)) >>> 0;
}

/** Puts two words there. */
function put(into: Uint32Array, at: number, low: number, high: number): void {
  into[at] = low;
  into[at + 1] = high;
}

function drawInteger(random: Random, into: Uint32Array, at: number): void {
  const pick = random() % 11;
  const low = random();
  if (pick < 7) fromPool(INTEGERS, random, into, at);
  else put(into, at, low, pick < 9 ? random() : low >> 31);
}

/** Singles, doubles, and what is neither: a single whose box is damaged, any 64 bits. */
function drawFloat(random: Random, into: Uint32Array, at: number): void {
  const pick = random() % 14;
  if (pick < 4) fromPool(SINGLES, random, into, at);
  else if (pick < 7) fromPool(DOUBLES, random, into, at);
  else if (pick < 10) put(into, at, single(random), 0xffff_ffff);
  else if (pick < 12) double(random, into, at);
  else if (pick < 13) {
    fromPool(SINGLES, random, into, at);
    into[at + 1] = (random() & 1) === 0 ? 0xffff_fffe : random();
  } else put(into, at, random(), random());
}

/** Draws a 64-bit operand into two words of `into`. */
export function drawOperand(random: Random, purpose: Purpose, into: Uint32Array, at: number): void {
  const other = random() % 10;
  const floating = purpose === "memory" ? other < 5 : (purpose === "float") !== (other === 0);
  if (floating) drawFloat(random, into, at);
  else drawInteger(random, into, at);
}
