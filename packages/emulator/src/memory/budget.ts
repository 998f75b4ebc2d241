/** Bytes of memory that processes may have between them, and how many they have (`--max-memory`). */
export interface Budget {
  /** Most bytes that may be charged. */
  readonly limit: number;
  /** Bytes that are charged now. */
  readonly used: number;
  /** Charges bytes, or gives them back if negative. False, with nothing changed, if the limit would be passed. */
  charge(bytes: number): boolean;
}

/** 2 GiB: what a guest may have, unless told otherwise. */
const DEFAULT_MEMORY_LIMIT = 0x8000_0000;

/** Makes a budget of which nothing is used. */
export function createBudget(limit: number = DEFAULT_MEMORY_LIMIT): Budget {
  let used = 0;
  return {
    limit,
    get used() {
      return used;
    },
    charge(bytes) {
      if (bytes > 0 && used + bytes > limit) return false;
      used += bytes;
      return true;
    },
  };
}
