import { readName, readSections } from "./sections.js";
import { readSymbolList } from "./symbol-list.js";

/** A place in the program by name. */
interface SymbolHit {
  readonly name: string;
  /** Bytes from the start of the symbol. */
  readonly offset: number;
}

/** The symbol table of a program, sorted by address; one entry an address. Read from the file when first asked. */
export interface SymbolTable {
  /** Number of symbols; 0 for a stripped program or a damaged table. */
  readonly length: number;
  /**
   * The function or object that holds an address: `{ name: "main", offset: 4 }`. A symbol without a size reaches to
   * the next one, or to the end of its section.
   */
  symbolAt(address: number): SymbolHit | undefined;
  /** Start address and size in bytes of the symbol of this name; the one at the lowest address if there are several. */
  find(name: string): { readonly address: number; readonly size: number } | undefined;
}

interface Sorted {
  readonly addresses: Float64Array;
  readonly sizes: Float64Array;
  /** How far each may reach: its size, or without one, the rest of its section. */
  readonly extents: Float64Array;
  /** Offset of the name in the file. */
  readonly names: Float64Array;
}

/**
 * Makes the symbol table of an ELF file; a damaged table is an empty one, never an error. Where several names share an
 * address, the one that a programmer knows wins: see `readSymbolList`.
 *
 * @param bias what was added to the addresses of the file when the program was loaded.
 */
export function createSymbolTable(bytes: Uint8Array, bias: number): SymbolTable {
  let cached: Sorted | undefined;
  const sorted = (): Sorted => {
    cached ??= readSymbols(bytes, bias);
    return cached;
  };
  return {
    get length() {
      return sorted().addresses.length;
    },
    symbolAt(address) {
      const { addresses, extents, names } = sorted();
      const index = lastAtOrBelow(addresses, address);
      const start = addresses[index];
      if (start === undefined) return undefined;
      if (address !== start && address >= start + (extents[index] ?? 0)) return undefined;
      return { name: readName(bytes, names[index] ?? 0), offset: address - start };
    },
    find(name) {
      const { addresses, sizes, names } = sorted();
      for (let index = 0; index < addresses.length; index += 1) {
        if (readName(bytes, names[index] ?? 0) === name) {
          return { address: addresses[index] ?? 0, size: sizes[index] ?? 0 };
        }
      }
      return undefined;
    },
  };
}

function lastAtOrBelow(addresses: Float64Array, address: number): number {
  let low = 0;
  let high = addresses.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((addresses[middle] ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function readSymbols(bytes: Uint8Array, bias: number): Sorted {
  const { addresses, sizes, rests, names, ranks, length } = readSymbolList(bytes, readSections(bytes));
  const at = (column: Float64Array | Uint8Array, index: number): number => column[index] ?? 0;
  const order = Array.from({ length }, (_, index) => index).sort(
    (a, b) =>
      at(addresses, a) - at(addresses, b) || at(ranks, b) - at(ranks, a) || at(names, a) - at(names, b),
  );
  const best = order.filter((symbol, i) => addresses[symbol] !== addresses[order[i - 1] ?? -1]);
  return {
    addresses: Float64Array.from(best, (symbol) => at(addresses, symbol) + bias),
    sizes: Float64Array.from(best, (symbol) => at(sizes, symbol)),
    extents: Float64Array.from(best, (symbol) => at(sizes, symbol) || at(rests, symbol)),
    names: Float64Array.from(best, (symbol) => at(names, symbol)),
  };
}
