import type { ElfFile } from "@qpp/emulator/elf";

/** The sections of debug information of one file, each unpacked when it is first asked for; empty where there is none. */
export interface DebugSections {
  readonly info: Uint8Array;
  readonly abbrev: Uint8Array;
  readonly line: Uint8Array;
  readonly str: Uint8Array;
  readonly lineStr: Uint8Array;
  readonly strOffsets: Uint8Array;
  readonly addr: Uint8Array;
  readonly ranges: Uint8Array;
  readonly rnglists: Uint8Array;
}

/** Finds them by their names (DWARF 5, 7.30). */
export function debugSections(elf: ElfFile): DebugSections {
  const read = new Map<string, Uint8Array>();
  const section = (name: string): Uint8Array => {
    const known = read.get(name) ?? elf.section(name);
    read.set(name, known);
    return known;
  };
  return {
    get info() {
      return section(".debug_info");
    },
    get abbrev() {
      return section(".debug_abbrev");
    },
    get line() {
      return section(".debug_line");
    },
    get str() {
      return section(".debug_str");
    },
    get lineStr() {
      return section(".debug_line_str");
    },
    get strOffsets() {
      return section(".debug_str_offsets");
    },
    get addr() {
      return section(".debug_addr");
    },
    get ranges() {
      return section(".debug_ranges");
    },
    get rnglists() {
      return section(".debug_rnglists");
    },
  };
}
