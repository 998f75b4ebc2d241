import { type ElfFile, kindOfRank, PLT_ENTRY_SIZE } from "@qpp/emulator/elf";
import type { SymbolFact } from "./contract.js";
import { demangle, isMangled } from "./demangle.js";
import { createIntervalMap } from "./interval-map.js";
import { identifierIn, type NamePattern } from "./pattern.js";

/** A symbol of a file. Addresses are those in the file. */
export type FileSymbol = Omit<SymbolFact, "object">;

/** The symbols of one file, by address and by name. */
export interface SymbolIndex {
  /**
   * The symbol that holds an address: the innermost that tells its size; else one without a size, which reaches to the next
   * symbol or the end of its section.
   */
  at(address: number): FileSymbol | undefined;
  /** Those whose names match, by address. */
  find(pattern: NamePattern): readonly FileSymbol[];
}

/** Reads the symbols of a file and its PLT stubs. Names are decoded when they are asked for. */
export function createSymbolIndex(file: ElfFile): SymbolIndex {
  const { length, addresses, sizes, rests, names, ranks } = file.symbols();
  const plt = file.plt();
  const count = length + plt.length;
  const made: (FileSymbol | undefined)[] = new Array(count);
  const at = (column: Float64Array | Uint8Array, index: number): number => column[index] ?? 0;

  const startOf = (index: number): number =>
    index < length ? at(addresses, index) : (plt[index - length]?.address ?? 0);
  const sizeOf = (index: number): number => (index < length ? at(sizes, index) : PLT_ENTRY_SIZE);
  const linkageNameOf = (index: number): string =>
    index < length ? file.name(at(names, index)) : `${plt[index - length]?.name}@plt`;

  function symbol(index: number): FileSymbol {
    const known = made[index];
    if (known) return known;
    const linkageName = linkageNameOf(index);
    const own = index < length;
    const fact: FileSymbol = {
      name: own ? demangle(linkageName) : `${demangle(plt[index - length]?.name ?? "")}@plt`,
      linkageName,
      kind: own ? kindOfRank(at(ranks, index)) : "plt",
      start: startOf(index),
      size: sizeOf(index),
    };
    made[index] = fact;
    return fact;
  }

  const byAddress = lazy(() => {
    // The better one of several names for one place comes last, which is the one that is found: `printf`, not `_IO_printf`.
    const order = Int32Array.from({ length: count }, (_, index) => index);
    const rank = (index: number): number => (index < length ? at(ranks, index) : 0);
    const internal = (index: number): number => /^_*/.exec(linkageNameOf(index))?.[0].length ?? 0;
    order.sort((a, b) => startOf(a) - startOf(b) || rank(a) - rank(b) || internal(b) - internal(a) || b - a);
    const starts = Float64Array.from(order, startOf);
    const ends = Float64Array.from(order, (index) => startOf(index) + sizeOf(index));
    const sized = createIntervalMap(starts, ends);
    let next = Number.POSITIVE_INFINITY;
    for (let i = count - 1; i >= 0; i -= 1) {
      const [index, start] = [order[i] ?? 0, starts[i] ?? 0];
      if (ends[i] === start && sized.find(start) < 0) ends[i] = Math.min(next, start + at(rests, index));
      if (starts[i - 1] !== start) next = start;
    }
    const all = createIntervalMap(starts, ends);
    return (address: number): number => order[all.find(address)] ?? -1;
  });

  const byLinkageName = lazy(() => {
    const map = new Map<string, number[]>();
    for (let index = 0; index < count; index += 1) {
      const name = linkageNameOf(index);
      const same = map.get(name);
      if (same) same.push(index);
      else map.set(name, [index]);
    }
    return map;
  });

  /** Indexes of symbols that may match. */
  function* candidates(pattern: NamePattern): Iterable<number> {
    if (pattern.exact === undefined) {
      for (let index = 0; index < count; index += 1) yield index;
      return;
    }
    yield* byLinkageName().get(pattern.exact) ?? [];
    // A mangled name holds the identifier that its demangled name ends with.
    const identifier = identifierIn(pattern.exact);
    for (const [name, indexes] of byLinkageName()) {
      if (isMangled(name) && name !== pattern.exact && name.includes(identifier)) yield* indexes;
    }
  }

  return {
    at(address) {
      const index = byAddress()(address);
      return index < 0 ? undefined : symbol(index);
    },
    find(pattern) {
      const found: FileSymbol[] = [];
      for (const index of candidates(pattern)) {
        const fact = symbol(index);
        if (
          pattern.matches(fact.linkageName) ||
          (fact.name !== fact.linkageName && pattern.matches(fact.name))
        )
          found.push(fact);
      }
      return found.sort((a, b) => a.start - b.start);
    },
  };
}

/** What `make` gives, made when it is first asked for. */
function lazy<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
