import { randomFillSync } from "node:crypto";

/** The guest's source of random bytes. */
export interface Random {
  /** Fills a buffer. */
  fill(bytes: Uint8Array): void;
}

/** Where random bytes come from: a seed, or the host's generator. */
export type RandomKind = "seed" | "host";

/** The host's generator, whose bytes are fit for secrets. */
export const hostRandom: Random = { fill: (bytes) => void randomFillSync(bytes) };

const GOLDEN = 0x9e37_79b9;

/** The splitmix32 step: spreads a seed over 32 bits so that near seeds give unrelated states. */
function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0_aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/**
 * Makes a generator whose bytes depend on nothing but `seed` (taken modulo 2^53): xoshiro128** (Blackman, Vigna,
 * "Scrambled Linear Pseudorandom Number Generators", 2021). Good for repeatable runs, not for secrets.
 */
export function createRandom(seed: number): Random {
  const low = seed >>> 0;
  const high = Math.floor(seed / 0x1_0000_0000) >>> 0;
  const state = Uint32Array.from([1, 2, 3, 4], (n) => mix(low + Math.imul(n, GOLDEN)) ^ mix(high - n));
  let [a = 1, b = 2, c = 3, d = 4] = state;

  function next(): number {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  }

  return {
    fill(bytes) {
      let word = 0;
      for (let index = 0; index < bytes.length; index += 1) {
        word = index % 4 === 0 ? next() : word >>> 8;
        bytes[index] = word;
      }
    },
  };
}
