/** Looks for several strings in streams of bytes. */
export interface Matcher {
  /** Another string; streams that are under way begin to look for it. @throws RangeError for an empty one */
  add(bytes: Uint8Array): void;
  /** The strings, by number. */
  readonly strings: readonly Uint8Array[];
  /** A stream with nothing in it yet. */
  stream(): ByteStream;
}

/** Bytes one after another. */
export interface ByteStream {
  /** Takes a byte; gives the numbers of the strings that end with it. */
  take(byte: number): readonly number[];
}

const NONE: readonly number[] = [];

/** Knuth, Morris and Pratt, for each string: what is overlapped by another match of itself is found as well. */
export function createMatcher(): Matcher {
  const strings: Uint8Array[] = [];
  const borders: Uint32Array[] = [];
  /** Bytes that some string begins with. */
  const begins = new Uint8Array(256);
  return {
    strings,
    add(bytes) {
      const [first] = bytes;
      if (first === undefined) throw new RangeError("an empty string is everywhere");
      begins[first] = 1;
      strings.push(bytes.slice());
      borders.push(bordersOf(bytes));
    },
    stream() {
      /** How many bytes of each string are there. */
      const matched: number[] = [];
      let isIdle = true;
      return {
        take(byte) {
          if (isIdle && begins[byte] === 0) return NONE;
          let ended = NONE;
          isIdle = true;
          for (let i = 0; i < strings.length; i++) {
            const string = strings[i] ?? new Uint8Array();
            const border = borders[i] ?? new Uint32Array();
            let length = matched[i] ?? 0;
            while (length > 0 && string[length] !== byte) length = border[length - 1] ?? 0;
            if (string[length] === byte) length++;
            if (length === string.length) {
              ended = [...ended, i];
              length = border[length - 1] ?? 0;
            }
            matched[i] = length;
            if (length > 0) isIdle = false;
          }
          return ended;
        },
      };
    },
  };
}

/** For each beginning of a string, how long the longest beginning is that it also ends with. */
function bordersOf(bytes: Uint8Array): Uint32Array {
  const borders = new Uint32Array(bytes.length);
  for (let i = 1, length = 0; i < bytes.length; i++) {
    while (length > 0 && bytes[i] !== bytes[length]) length = borders[length - 1] ?? 0;
    if (bytes[i] === bytes[length]) length++;
    borders[i] = length;
  }
  return borders;
}
