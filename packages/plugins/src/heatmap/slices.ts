import type { HeatCell } from "./contract.js";

const PAGE_SHIFT = 12;
const PAGES = 2 ** (32 - PAGE_SHIFT);

/** How often each page was accessed, by slices of equally many accesses. */
export interface Slices {
  /** Accesses of a slice. */
  readonly accesses: number;
  /** Takes the first `length` addresses, all of one process. */
  take(addresses: Uint32Array, length: number): void;
  /** The process with that pid runs from now on. */
  enter(pid: number): void;
  /** Every slice's pages. */
  cells(): readonly (readonly HeatCell[])[];
}

/** Accesses by page, and by pid above that: below 2^53, since a pid is below 2^22. */
type Slice = Map<number, number>;

/**
 * When there are `most` slices, each two become one of twice the length: any run fits, in slices that are all as long as the
 * others but for the last.
 *
 * @param most an even number
 * @param first accesses of a slice to begin with
 */
export function createSlices(most: number, first: number, pid: number): Slices {
  const done: Slice[] = [];
  const counts = new Uint32Array(PAGES);
  // What is not 0 in the counts.
  const touched = new Uint32Array(PAGES);
  let touchedLength = 0;
  let current: Slice = new Map();
  let accesses = first;
  let left = first;
  let running = pid;

  const settle = (into: Slice): void => {
    for (let i = 0; i < touchedLength; i++) {
      const page = touched[i] ?? 0;
      add(into, running * PAGES + page, counts[page] ?? 0);
      counts[page] = 0;
    }
    touchedLength = 0;
  };
  const cut = (): void => {
    settle(current);
    done.push(current);
    current = new Map();
    if (done.length === most) {
      for (let i = 0; i < most; i += 2) done[i / 2] = merged(done[i], done[i + 1]);
      done.length = most / 2;
      accesses *= 2;
    }
    left = accesses;
  };

  return {
    get accesses() {
      return accesses;
    },
    take(addresses, length) {
      let i = 0;
      while (i < length) {
        const end = Math.min(length, i + left);
        left -= end - i;
        for (; i < end; i++) {
          const page = (addresses[i] ?? 0) >>> PAGE_SHIFT;
          if (counts[page] === 0) touched[touchedLength++] = page;
          counts[page] = (counts[page] ?? 0) + 1;
        }
        if (left === 0) cut();
      }
    },
    enter(next) {
      settle(current);
      running = next;
    },
    cells() {
      settle(current);
      return (current.size > 0 ? [...done, current] : done).map(cellsOf);
    },
  };
}

function add(slice: Slice, key: number, accesses: number): void {
  slice.set(key, (slice.get(key) ?? 0) + accesses);
}

function merged(one: Slice = new Map(), other: Slice = new Map()): Slice {
  for (const [key, accesses] of other) add(one, key, accesses);
  return one;
}

function cellsOf(slice: Slice): readonly HeatCell[] {
  return [...slice]
    .sort(([a], [b]) => a - b)
    .map(([key, accesses]) => ({
      pid: Math.floor(key / PAGES),
      page: (key % PAGES) * 2 ** PAGE_SHIFT,
      accesses,
    }));
}
