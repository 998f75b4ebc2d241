import { word64 } from "./header.js";

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

const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHT_NOBITS = 8;
const SHT_DYNSYM = 11;
const SECTION_HEADER_SIZE = 64;
const SYMBOL_SIZE = 24;
const STT_NOTYPE = 0;
const STT_OBJECT = 1;
const STT_FUNC = 2;
const STT_GNU_IFUNC = 10;
const STB_LOCAL = 0;
const STB_GLOBAL = 1;
const SHN_UNDEF = 0;
const SHN_ABS = 0xfff1;
const EMPTY: Sorted = {
  addresses: new Float64Array(),
  sizes: new Float64Array(),
  extents: new Float64Array(),
  names: new Float64Array(),
};

/**
 * Makes the symbol table of an ELF file (ELF gABI, "Symbol Table"). Section headers mean nothing for running a
 * program, so a damaged table is an empty one, never an error.
 *
 * @param bias what was added to the addresses of the file when the program was loaded.
 */
export function createSymbolTable(bytes: Uint8Array, bias: number): SymbolTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let cached: Sorted | undefined;
  const sorted = (): Sorted => {
    cached ??= readSymbols(view, bias);
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

interface Section {
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

function readSection(view: DataView, index: number): Section | undefined {
  const count = view.getUint16(60, true);
  const at = word64(view, 40) + index * SECTION_HEADER_SIZE;
  if (index >= count || view.getUint16(58, true) !== SECTION_HEADER_SIZE) return undefined;
  if (at + SECTION_HEADER_SIZE > view.byteLength) return undefined;
  const offset = word64(view, at + 24);
  const size = word64(view, at + 32);
  const type = view.getUint32(at + 4, true);
  if (type !== SHT_NOBITS && offset + size > view.byteLength) return undefined;
  return { type, address: word64(view, at + 16), offset, size, link: view.getUint32(at + 40, true) };
}

function findSection(view: DataView, type: number): Section | undefined {
  const count = view.getUint16(60, true);
  for (let index = 0; index < count; index += 1) {
    const section = readSection(view, index);
    if (section?.type === type) return section;
  }
  return undefined;
}

interface Candidate {
  readonly address: number;
  readonly size: number;
  /** Bytes to the end of the symbol's section. */
  readonly rest: number;
  readonly name: number;
  readonly rank: number;
}

function readSymbols(view: DataView, bias: number): Sorted {
  const table = findSection(view, SHT_SYMTAB) ?? findSection(view, SHT_DYNSYM);
  const strings = table && readSection(view, table.link);
  if (!table || strings?.type !== SHT_STRTAB) return EMPTY;
  const candidates: Candidate[] = [];
  for (let at = table.offset; at + SYMBOL_SIZE <= table.offset + table.size; at += SYMBOL_SIZE) {
    const candidate = readSymbol(view, at, strings, bias);
    if (candidate) candidates.push(candidate);
  }
  candidates.sort((a, b) => a.address - b.address || b.rank - a.rank || a.name - b.name);
  const best = candidates.filter((c, index) => c.address !== candidates[index - 1]?.address);
  return {
    addresses: Float64Array.from(best, (c) => c.address),
    sizes: Float64Array.from(best, (c) => c.size),
    extents: Float64Array.from(best, (c) => c.size || c.rest),
    names: Float64Array.from(best, (c) => c.name),
  };
}

/**
 * Sections, files, mapping symbols (`$x`), assembler-local labels (`.L`) and constants are no places of the program.
 * Where several names share an address, the one that a programmer knows wins: functions before data before labels,
 * global before weak before local.
 */
function readSymbol(view: DataView, at: number, strings: Section, bias: number): Candidate | undefined {
  const nameOffset = view.getUint32(at, true);
  const info = view.getUint8(at + 4);
  const section = view.getUint16(at + 6, true);
  const type = info & 15;
  const binding = info >>> 4;
  const isFunction = type === STT_FUNC || type === STT_GNU_IFUNC;
  if (!isFunction && type !== STT_OBJECT && type !== STT_NOTYPE) return undefined;
  if (section === SHN_UNDEF || section === SHN_ABS || nameOffset === 0 || nameOffset >= strings.size)
    return undefined;
  const name = strings.offset + nameOffset;
  const first = view.getUint8(name);
  if (first === 0 || first === 0x24 || (first === 0x2e && view.getUint8(name + 1) === 0x4c)) return undefined;
  const typeRank = isFunction ? 2 : type === STT_OBJECT ? 1 : 0;
  const bindingRank = binding === STB_GLOBAL ? 2 : binding === STB_LOCAL ? 0 : 1;
  const address = word64(view, at + 8);
  const home = readSection(view, section);
  return {
    address: address + bias,
    size: word64(view, at + 16),
    rest: home ? Math.max(0, home.address + home.size - address) : 0,
    name,
    rank: typeRank * 3 + bindingRank,
  };
}

const LONGEST_NAME = 4096;
const decoder = new TextDecoder();

function readName(bytes: Uint8Array, offset: number): string {
  const window = bytes.subarray(offset, offset + LONGEST_NAME);
  const end = window.indexOf(0);
  return decoder.decode(end < 0 ? window : window.subarray(0, end));
}
