import { word64 } from "./header.js";

/** A section header (ELF gABI, "Section Header"). Its bytes lie within the file, unless it is one without. */
export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** `sh_type`: bytes of zeros that the file does not hold. */
export const SHT_NOBITS = 8;
/** `sh_flags`: instructions. */
export const SHF_EXECINSTR = 4;

const SECTION_HEADER_SIZE = 64;
const SHN_XINDEX = 0xffff;

/**
 * Reads the section headers of an ELF file that `parseHeader` takes. They mean nothing for running a program, so what is
 * damaged is left out, and a damaged table is an empty one, never an error.
 */
export function readSections(bytes: Uint8Array): readonly Section[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < SECTION_HEADER_SIZE || view.getUint16(58, true) !== SECTION_HEADER_SIZE) return [];
  const table = word64(view, 40);
  const count = view.getUint16(60, true);
  const headers: Omit<Section, "name">[] = [];
  const names: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = table + index * SECTION_HEADER_SIZE;
    if (at + SECTION_HEADER_SIZE > view.byteLength) break;
    const type = view.getUint32(at + 4, true);
    const offset = word64(view, at + 24);
    const size = word64(view, at + 32);
    if (type !== SHT_NOBITS && offset + size > view.byteLength) continue;
    names.push(view.getUint32(at, true));
    headers.push({
      index,
      type,
      flags: view.getUint32(at + 8, true),
      address: word64(view, at + 16),
      offset,
      size,
      link: view.getUint32(at + 40, true),
    });
  }
  const namesIndex = view.getUint16(62, true);
  const strings = namesIndex === SHN_XINDEX ? undefined : headers.find(({ index }) => index === namesIndex);
  return headers.map((header, i) => ({ ...header, name: nameIn(bytes, strings, names[i] ?? 0) }));
}

function nameIn(bytes: Uint8Array, strings: Omit<Section, "name"> | undefined, offset: number): string {
  if (!strings || offset >= strings.size) return "";
  return readName(bytes, strings.offset + offset);
}

const LONGEST_NAME = 0x1_0000;
const decoder = new TextDecoder();

/** The string that ends with a NUL at an offset of a file. */
export function readName(bytes: Uint8Array, offset: number): string {
  let end = offset;
  const last = Math.min(bytes.length, offset + LONGEST_NAME);
  while (end < last && bytes[end] !== 0) end += 1;
  return decoder.decode(bytes.subarray(offset, end));
}
