import { ElfError } from "../elf/error.js";
import { parseElf, type Segment } from "../elf/parse.js";
import { createSymbolTable, type SymbolTable } from "../elf/symbols.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { MMAP_TOP, PIE_BASE, pageCeil, pageFloor } from "./address-space.js";
import { effectiveProtection, Protection } from "./protection.js";

/** The program in memory. Addresses are those of the guest. */
export interface Program {
  /** Path that the program was given by. */
  readonly path: string;
  readonly entry: number;
  /** First address of the executable segments. */
  readonly startCode: number;
  /** First address past the executable segments. */
  readonly endCode: number;
  /** What was added to the addresses in the file: 0 unless position-independent. */
  readonly bias: number;
  readonly symbols: SymbolTable;
  /** Address, number and size of the program headers, for the auxiliary vector. */
  readonly headers: { readonly address: number; readonly count: number; readonly entrySize: number };
  /** Where the heap starts: the first page past the program. */
  readonly breakStart: number;
}

/**
 * Maps a program as Linux does (fs/binfmt_elf.c, load_elf_binary): whole pages of the file, the rest zeros.
 *
 * @throws ElfError if the file is no program for this machine or does not fit.
 */
export function loadProgram(memory: GuestMemory, path: string, image: Uint8Array): Program {
  const elf = parseElf(image);
  const first = elf.segments[0];
  const last = elf.segments.at(-1);
  if (!first || !last) throw new ElfError("ELF_MALFORMED", "the ELF file has nothing to load");
  const bias = elf.type === "static-pie" ? PIE_BASE - pageFloor(first.address) : 0;
  const end = pageCeil(bias + last.address + last.memorySize);
  if (end > MMAP_TOP) {
    throw new ElfError(
      "ELF_TOO_BIG",
      `the program ends at 0x${end.toString(16)}, but it must leave room for its stack from 0x${MMAP_TOP.toString(16)} on; ` +
        "make it smaller or link it lower",
    );
  }
  for (const segment of elf.segments) mapSegment(memory, path, image, segment, bias);
  const code = elf.segments.filter((segment) => segment.executable);
  return {
    path,
    entry: elf.entry + bias,
    startCode: Math.min(...code.map((segment) => segment.address)) + bias,
    endCode: Math.max(...code.map((segment) => segment.address + segment.memorySize)) + bias,
    bias,
    symbols: createSymbolTable(image, bias),
    headers: {
      ...elf.programHeaders,
      address: elf.programHeaders.address && elf.programHeaders.address + bias,
    },
    breakStart: end,
  };
}

function mapSegment(
  memory: GuestMemory,
  path: string,
  image: Uint8Array,
  segment: Segment,
  bias: number,
): void {
  const address = segment.address + bias;
  const start = pageFloor(address);
  const fileEnd = address + segment.fileSize;
  const end = pageCeil(address + segment.memorySize);
  const prot = effectiveProtection(
    (segment.readable ? Protection.READ : 0) |
      (segment.writable ? Protection.WRITE : 0) |
      (segment.executable ? Protection.EXEC : 0),
  );
  const fileOffset = segment.offset - (address - start);
  const filePages = segment.fileSize > 0 ? pageCeil(fileEnd) : start;
  const backing = { name: path, file: true, offset: fileOffset, shared: false };
  const mapped =
    (filePages === start || memory.map(start, filePages - start, prot, backing)) &&
    (filePages >= end || memory.map(filePages, end - filePages, prot));
  if (!mapped) {
    throw new ElfError(
      "ELF_TOO_BIG",
      `the segment at 0x${address.toString(16)} wants ${segment.memorySize} bytes, more than the guest's memory limit leaves; ` +
        "raise the limit or make the program smaller",
    );
  }
  if (segment.fileSize === 0) return;
  const wholePages = image.subarray(fileOffset, fileOffset + filePages - start);
  const hasZeroFill = segment.memorySize > segment.fileSize;
  memory.poke(start, hasZeroFill ? wholePages.subarray(0, fileEnd - start) : wholePages);
}
