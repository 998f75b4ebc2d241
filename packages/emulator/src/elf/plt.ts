import { word64 } from "./header.js";
import { readName, type Section, SHF_EXECINSTR } from "./sections.js";

/** A stub through which a function of another object is called. */
export interface PltEntry {
  readonly address: number;
  /** Of the function. */
  readonly name: string;
}

const SHT_STRTAB = 3;
const SHT_RELA = 4;
const RELOCATION_SIZE = 24;
const SYMBOL_SIZE = 24;
/** Bytes of an entry (RISC-V ELF psABI, "Procedure Linkage Table"). */
export const PLT_ENTRY_SIZE = 16;
/** `auipc t3`, and `ld t3, …(t3)`; the masks leave immediates out. */
const AUIPC_T3 = 0xe17;
const LD_T3_T3 = 0xe_3e03;

/**
 * The stubs in sections such as `.plt`, each named by the relocation of the word that it loads its target from: whatever
 * linker laid them out, however long the header is.
 */
export function readPlt(bytes: Uint8Array, sections: readonly Section[]): PltEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const targets = relocatedNames(bytes, view, sections);
  const found: PltEntry[] = [];
  for (const { name, flags, address, offset, size } of sections) {
    if (!/^\.i?plt/.test(name) || (flags & SHF_EXECINSTR) === 0) continue;
    for (let at = 0; at + PLT_ENTRY_SIZE <= size; at += PLT_ENTRY_SIZE) {
      const high = view.getUint32(offset + at, true);
      const low = view.getInt32(offset + at + 4, true);
      if ((high & 0xfff) !== AUIPC_T3 || (low & 0xf_ffff) !== LD_T3_T3) continue;
      const target = targets.get(address + at + (high & ~0xfff) + (low >> 20));
      if (target !== undefined) found.push({ address: address + at, name: target });
    }
  }
  return found;
}

/** By the address of a relocated word, the name of the symbol whose address it gets. */
function relocatedNames(
  bytes: Uint8Array,
  view: DataView,
  sections: readonly Section[],
): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { type, link, offset, size } of sections) {
    if (type !== SHT_RELA) continue;
    const symbols = sections.find(({ index }) => index === link);
    const strings = symbols && sections.find(({ index }) => index === symbols.link);
    if (!symbols || strings?.type !== SHT_STRTAB) continue;
    for (let at = offset; at + RELOCATION_SIZE <= offset + size; at += RELOCATION_SIZE) {
      const symbol = view.getUint32(at + 12, true);
      const place = symbols.offset + symbol * SYMBOL_SIZE;
      if (symbol === 0 || place + SYMBOL_SIZE > symbols.offset + symbols.size) continue;
      const name = readName(bytes, strings.offset + view.getUint32(place, true));
      if (name !== "") names.set(word64(view, at), name);
    }
  }
  return names;
}
