// Layout: uftrace's libmcount/mcount.h and utils/utils.h, `struct uftrace_record`: the time in nanoseconds as 64 bits; then, from the
// lowest bit up, 2 bits of type, 1 that tells of more, 3 of magic, 10 of depth, 48 of address.

const WORDS = 4;
const CAPACITY = 4096;
const MAGIC = 5 << 3;
const DEPTH_SHIFT = 6;
const ADDRESS_SHIFT = 16;
const TWO_TO_32 = 2 ** 32;

/** What a record tells of a function. */
export const Kind = { entry: 0, exit: 1 } as const;

/** One of {@link Kind}. */
export type Kind = (typeof Kind)[keyof typeof Kind];

/** How many functions of a stack uftrace can tell apart: a record has 10 bits for the depth. */
export const MAX_DEPTH = 1024;

/** Records of one task, oldest first. */
export interface Records {
  /** How many there are. */
  readonly length: number;
  /**
   * Adds one.
   * @param time in nanoseconds
   * @param depth from 0 to before {@link MAX_DEPTH}
   */
  add(time: number, kind: Kind, depth: number, address: number): void;
  /** Hands over what has been added since. */
  flush(): void;
}

/** Makes an empty list, which hands over its bytes, valid until `write` returns, whenever there are enough of them. */
export function createRecords(write: (bytes: Uint8Array) => void): Records {
  // Typed arrays have the host's byte order: little-endian on all that Node runs on, but for one.
  const words = new Uint32Array(CAPACITY * WORDS);
  let used = 0;
  let length = 0;
  const flush = (): void => {
    if (used > 0) write(new Uint8Array(words.buffer, 0, used * words.BYTES_PER_ELEMENT));
    used = 0;
  };
  return {
    get length() {
      return length;
    },
    add(time, kind, depth, address) {
      words[used] = time;
      words[used + 1] = time / TWO_TO_32;
      words[used + 2] = kind | MAGIC | (depth << DEPTH_SHIFT) | (address << ADDRESS_SHIFT);
      words[used + 3] = address >>> ADDRESS_SHIFT;
      used += WORDS;
      length++;
      if (used === words.length) flush();
    },
    flush,
  };
}
