import { GUEST_START, PAGE_SIZE, Permission, READ_SPANS, WINDOWS, WRITE_SPANS } from "./layout.js";

/**
 * What translated code checks addresses against. The span of a page is the run of neighbours that it is in which can all be
 * read, or all be read and written. It is kept as the address of the first of them, and the number of bytes from there at
 * which an access may begin that is at most {@link REACH} bytes long; both are 0 for a page that does not allow it.
 *
 * Spans do not cross multiples of {@link BLOCK} pages, so that a change concerns few entries.
 */
export interface Spans {
  /** The permissions of pages `first` to before `last` have changed. */
  update(first: number, last: number): void;
  /** No translated code takes for granted any more what it has found out about addresses: pages allow less than before. */
  forget(): void;
}

/** Longest access, or group of accesses around an address, that is checked by one comparison. */
export const REACH = 128;
/** Pages that spans do not cross multiples of: 4 MiB. */
const BLOCK = 1024;

/** Makes the spans of an address space without pages; `permissions` is its table of them. */
export function createSpans(permissions: Uint8Array): Spans {
  const { buffer, length } = permissions;
  const tables = [
    { need: Permission.READ, table: new Uint32Array(buffer, READ_SPANS, 2 * length) },
    { need: Permission.READ | Permission.WRITE, table: new Uint32Array(buffer, WRITE_SPANS, 2 * length) },
  ];
  const windows = new Uint8Array(buffer, WINDOWS, GUEST_START - WINDOWS);

  function updateBlock(table: Uint32Array, need: number, block: number): void {
    for (let first = block; first < block + BLOCK; ) {
      const allowed = ((permissions[first] ?? 0) & need) === need;
      let last = first + 1;
      while (last < block + BLOCK && (((permissions[last] ?? 0) & need) === need) === allowed) last++;
      const start = allowed ? first * PAGE_SIZE : 0;
      const size = allowed ? (last - first) * PAGE_SIZE - REACH + 1 : 0;
      for (let page = first; page < last; page++) {
        // Entries that stay 0 take no memory.
        if (table[2 * page] !== start) table[2 * page] = start;
        if (table[2 * page + 1] !== size) table[2 * page + 1] = size;
      }
      first = last;
    }
  }

  return {
    update(first, last) {
      for (const { need, table } of tables) {
        for (let block = first - (first % BLOCK); block < last; block += BLOCK)
          updateBlock(table, need, block);
      }
    },
    forget() {
      windows.fill(0);
    },
  };
}
