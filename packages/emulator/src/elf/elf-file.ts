import { type ElfLayout, type LoadSegment, readLayout } from "./layout.js";
import { PLT_ENTRY_SIZE, type PltEntry, readPlt } from "./plt.js";
import { sectionBytes } from "./section-bytes.js";
import { readName, readSections } from "./sections.js";
import { kindOfRank, readSymbolList, type SymbolKind, type SymbolList } from "./symbol-list.js";

export type { ElfLayout, LoadSegment, PltEntry, SymbolKind, SymbolList };
export { kindOfRank, PLT_ENTRY_SIZE };

/** What analyses read in an ELF file besides its segments; each part when it is asked for, and anew each time. */
export interface ElfFile extends ElfLayout {
  /** The contents of the first section of this name, unpacked; empty if there is none, or it cannot be read. */
  section(name: string): Uint8Array;
  /** What its symbol table names; in a stripped file, what the dynamic linker's does. */
  symbols(): SymbolList;
  /** The stubs through which it calls functions of other objects. */
  plt(): readonly PltEntry[];
  /** The name at an offset of {@link SymbolList.names}. */
  name(offset: number): string;
}

/**
 * Opens an RV64 program or library. Addresses are those in the file. What is damaged behind its header is not there,
 * and never an error.
 *
 * ```ts
 * const names = openElf(readFileSync(path))?.plt().map(({ name }) => name);
 * ```
 * @returns undefined for any other file
 */
export function openElf(bytes: Uint8Array): ElfFile | undefined {
  const layout = readLayout(bytes);
  if (layout === undefined) return undefined;
  const sections = readSections(bytes);
  return {
    ...layout,
    section(name) {
      const found = sections.find((section) => section.name === name);
      return found ? sectionBytes(bytes, found) : new Uint8Array();
    },
    symbols: () => readSymbolList(bytes, sections),
    plt: () => readPlt(bytes, sections),
    name: (offset) => readName(bytes, offset),
  };
}
