import { word64 } from "./header.js";
import type { Section } from "./sections.js";

/** What a symbol is a name of. */
export type SymbolKind = "function" | "object" | "label";

/** The places that a symbol table names, in its order; columns of equal length. */
export interface SymbolList {
  readonly length: number;
  readonly addresses: Float64Array;
  /** Bytes; 0 where the table does not tell. */
  readonly sizes: Float64Array;
  /** Bytes to the end of the symbol's section. */
  readonly rests: Float64Array;
  /** Where the name is in the file. */
  readonly names: Float64Array;
  /** Higher for the name that a programmer knows: functions before data before labels, global before weak before local. */
  readonly ranks: Uint8Array;
}

const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHT_DYNSYM = 11;
const SYMBOL_SIZE = 24;
const STT_NOTYPE = 0;
const STT_OBJECT = 1;
const STT_FUNC = 2;
const STT_GNU_IFUNC = 10;
const STB_LOCAL = 0;
const STB_GLOBAL = 1;
const SHN_UNDEF = 0;
const SHN_ABS = 0xfff1;

/** Which kind of symbol has a rank of {@link SymbolList.ranks}. */
export const kindOfRank = (rank: number): SymbolKind =>
  rank >= 6 ? "function" : rank >= 3 ? "object" : "label";

/** The section that symbols are read from: all of them, or in a stripped file those of the dynamic linker. */
function symbolSection(sections: readonly Section[]): Section | undefined {
  return sections.find(({ type }) => type === SHT_SYMTAB) ?? sections.find(({ type }) => type === SHT_DYNSYM);
}

/**
 * Reads the symbol table of an ELF file (ELF gABI, "Symbol Table"). Sections, files, mapping symbols (`$x`), assembler-local
 * labels (`.L`) and constants are no places of the program, and left out.
 */
export function readSymbolList(bytes: Uint8Array, sections: readonly Section[]): SymbolList {
  const table = symbolSection(sections);
  const byIndex = new Map(sections.map((section) => [section.index, section]));
  const strings = table && byIndex.get(table.link);
  const most = table && strings?.type === SHT_STRTAB ? Math.floor(table.size / SYMBOL_SIZE) : 0;
  const [addresses, sizes, rests, names] = [0, 0, 0, 0].map(() => new Float64Array(most)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const ranks = new Uint8Array(most);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let length = 0;
  for (let index = 0; index < most && table && strings; index += 1) {
    const at = table.offset + index * SYMBOL_SIZE;
    const nameOffset = view.getUint32(at, true);
    const info = view.getUint8(at + 4);
    const home = view.getUint16(at + 6, true);
    const rank = rankOf(info);
    if (rank < 0 || home === SHN_UNDEF || home === SHN_ABS) continue;
    if (nameOffset === 0 || nameOffset >= strings.size) continue;
    const name = strings.offset + nameOffset;
    const first = bytes[name];
    if (first === 0 || first === 0x24 || (first === 0x2e && bytes[name + 1] === 0x4c)) continue;
    const address = word64(view, at + 8);
    const section = byIndex.get(home);
    addresses[length] = address;
    sizes[length] = word64(view, at + 16);
    rests[length] = section ? Math.max(0, section.address + section.size - address) : 0;
    names[length] = name;
    ranks[length] = rank;
    length += 1;
  }
  return {
    length,
    addresses: addresses.subarray(0, length),
    sizes: sizes.subarray(0, length),
    rests: rests.subarray(0, length),
    names: names.subarray(0, length),
    ranks: ranks.subarray(0, length),
  };
}

function rankOf(info: number): number {
  const type = info & 15;
  const binding = info >>> 4;
  const isFunction = type === STT_FUNC || type === STT_GNU_IFUNC;
  if (!isFunction && type !== STT_OBJECT && type !== STT_NOTYPE) return -1;
  const typeRank = isFunction ? 2 : type === STT_OBJECT ? 1 : 0;
  const bindingRank = binding === STB_GLOBAL ? 2 : binding === STB_LOCAL ? 0 : 1;
  return typeRank * 3 + bindingRank;
}
