import { inflateSync } from "node:zlib";
import { word64 } from "./header.js";
import { type Section, SHT_NOBITS } from "./sections.js";

/** `sh_flags`: the bytes are a header, and what is compressed behind it (ELF gABI, "Section Compression"). */
const SHF_COMPRESSED = 0x800;
const ELFCOMPRESS_ZLIB = 1;
const COMPRESSION_HEADER_SIZE = 24;

/**
 * The contents of a section of this file, unpacked if they are compressed with zlib; empty for what cannot be read: zeros that are
 * not in the file, another compression, damaged ones.
 */
export function sectionBytes(file: Uint8Array, section: Section): Uint8Array {
  if (section.type === SHT_NOBITS) return new Uint8Array();
  const bytes = file.subarray(section.offset, section.offset + section.size);
  if ((section.flags & SHF_COMPRESSED) === 0) return bytes;
  if (bytes.length < COMPRESSION_HEADER_SIZE) return new Uint8Array();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== ELFCOMPRESS_ZLIB) return new Uint8Array();
  try {
    const unpacked = inflateSync(bytes.subarray(COMPRESSION_HEADER_SIZE));
    return unpacked.length === word64(view, 8) ? unpacked : new Uint8Array();
  } catch {
    return new Uint8Array();
  }
}
