import { ElfError } from "../../../packages/emulator/src/elf/error.js";
import { StartError } from "../../../packages/emulator/src/linux/initial-stack.js";
import { createArena } from "../arena.js";
import { runGuest } from "./run-guest.js";

/** Enough to get through a start-up; a mutated program may loop. */
const MOST_INSNS = 20_000;
/** Headers, where a change matters most: many changes hit the first bytes. */
const HEADERS = 0x200;

/** Numbers that are the same for a seed (xorshift32). */
function randomFrom(seed: number): (limit: number) => number {
  // Neighbouring seeds must differ from the first number on: the last step of MurmurHash3.
  let state = seed ^ 0x5bd1_e995;
  state = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2_ae35);
  state = (state ^ (state >>> 16)) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** A copy of a program with up to four changes, and now and then a shorter one. */
function mutate(image: Uint8Array, seed: number): Uint8Array {
  const random = randomFrom(seed);
  // Not `slice`: that of a Buffer shares the bytes.
  const changed = new Uint8Array(image).subarray(0, random(16) === 0 ? random(image.length) : image.length);
  if (changed.length === 0) return changed;
  for (let change = 1 + random(4); change > 0; change -= 1) {
    const at = random(random(4) === 0 ? Math.min(HEADERS, changed.length) : changed.length);
    const value =
      [0, 1, 0x7f, 0x80, 0xff, random(256), (changed[at] ?? 0) ^ (1 << random(8))][random(7)] ?? 0;
    for (let byte = [1, 1, 2, 4, 8][random(5)] ?? 1; byte > 0; byte -= 1) changed[at + byte - 1] = value;
  }
  return changed;
}

/** What a campaign of changed programs came to. */
export interface ElfReport {
  readonly refused: number;
  readonly ran: number;
}

/**
 * Loads and runs changed copies of a program.
 * @throws Error that names the seed, if the machine throws anything but that it is no program it can start, or does not end.
 */
export function fuzzElf(image: Uint8Array, runs: number, firstSeed: number): ElfReport {
  const arena = createArena();
  let refused = 0;
  try {
    for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
      try {
        runGuest({ path: "/guest/program", image: mutate(image, seed), args: [] }, arena, MOST_INSNS);
      } catch (error) {
        if (!(error instanceof ElfError || error instanceof StartError))
          throw new Error(`changed program, seed ${seed}`, { cause: error });
        refused += 1;
      }
    }
  } finally {
    arena.remove();
  }
  return { refused, ran: runs - refused };
}
