import { type Geometry, setsOf } from "./geometry.js";

/** A cache that knows which blocks it holds, and nothing of what is in them. */
export interface BlockCache {
  /** Whether the block with this number was there; it is afterwards. Another one may have had to go. */
  access(block: number): boolean;
}

/** Which block goes. */
export type Policy = "lru" | "fifo" | "rand";

/** No block has this number: the guest has no memory so high. */
const NONE = -1;

// The number of a set is some bits of the block's: as in QEMU's plugin, not all sets are used if there is no power of two of them.

/** A cache that throws out the block that was not used for the longest time. */
class LruCache implements BlockCache {
  /** The blocks of each set, the latest first. */
  readonly #blocks: Int32Array;
  readonly #mask: number;
  readonly #ways: number;

  constructor(of: Geometry) {
    this.#blocks = new Int32Array(setsOf(of) * of.ways).fill(NONE);
    this.#mask = setsOf(of) - 1;
    this.#ways = of.ways;
  }

  access(block: number): boolean {
    const latest = (block & this.#mask) * this.#ways;
    return this.#blocks[latest] === (block | 0) || this.#toFront(latest, block | 0);
  }

  #toFront(latest: number, block: number): boolean {
    const blocks = this.#blocks;
    const last = latest + this.#ways - 1;
    let at = latest;
    let moved = block;
    // Each makes room for the one before it, down to where the block was, or to the last one, which goes.
    for (;;) {
      const present = blocks[at] ?? NONE;
      blocks[at] = moved;
      if (present === block) return true;
      if (at === last) return false;
      moved = present;
      at++;
    }
  }
}

/** What those have in common that never move a block: sets fill up from their first place on. */
abstract class FixedCache implements BlockCache {
  protected readonly ways: number;
  /** Of each set, how many blocks it has got; what that is good for beyond its ways, a policy decides. */
  protected readonly got: Uint32Array;
  readonly #blocks: Int32Array;
  readonly #mask: number;

  constructor(of: Geometry) {
    this.#blocks = new Int32Array(setsOf(of) * of.ways).fill(NONE);
    this.got = new Uint32Array(setsOf(of));
    this.#mask = setsOf(of) - 1;
    this.ways = of.ways;
  }

  access(block: number): boolean {
    const set = block & this.#mask;
    const first = set * this.ways;
    const past = first + this.ways;
    for (let at = first; at < past; at++) if (this.#blocks[at] === (block | 0)) return true;
    this.#blocks[first + this.victim(set)] = block;
    return false;
  }

  /** Which of a set's blocks goes; it counts that in {@link FixedCache.got}. */
  protected abstract victim(set: number): number;
}

/** A cache that throws out the block that came first. */
class FifoCache extends FixedCache {
  /** That is the place after the latest one, in turns. */
  protected victim(set: number): number {
    const next = this.got[set] ?? 0;
    this.got[set] = (next + 1) % this.ways;
    return next;
  }
}

/** A cache that throws out any block. */
class RandomCache extends FixedCache {
  /** Marsaglia, "Xorshift RNGs" (2003), triple 13, 17, 5: the same numbers in each run. */
  #state = 2_463_534_242;

  protected victim(set: number): number {
    const got = this.got[set] ?? 0;
    if (got < this.ways) {
      this.got[set] = got + 1;
      return got;
    }
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return Math.floor(((state >>> 0) / 0x1_0000_0000) * this.ways);
  }
}

/** Makes an empty cache. */
export function createBlockCache(policy: Policy, of: Geometry): BlockCache {
  switch (policy) {
    case "lru":
      return new LruCache(of);
    case "fifo":
      return new FifoCache(of);
    case "rand":
      return new RandomCache(of);
  }
}
