import { GUEST_END, GUEST_START, PAGE_SIZE } from "../memory/layout.js";
import { ElfError } from "./error.js";
import { parseHeader, word64 } from "./header.js";

/** A `PT_LOAD` program header (ELF gABI, "Program Header"). Addresses are as in the file, not yet moved. */
export interface Segment {
  readonly address: number;
  readonly memorySize: number;
  readonly offset: number;
  readonly fileSize: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

/** A program that this machine can run, checked: see {@link parseElf}. */
export interface Elf {
  /** The file, not copied. */
  readonly bytes: Uint8Array;
  /** Position-independent ones (`ET_DYN`: programs, and the interpreters of programs) may be loaded at any page. */
  readonly type: "executable" | "position-independent";
  readonly entry: number;
  /** By ascending address, without overlap; at least one. */
  readonly segments: readonly Segment[];
  /** Path of the dynamic linker that loads the rest of the program (`PT_INTERP`); undefined for a static one. */
  readonly interpreter: string | undefined;
  /** Whether the stack is to be executable: what `PT_GNU_STACK` says; not without one. */
  readonly executableStack: boolean;
  readonly programHeaders: {
    readonly count: number;
    readonly entrySize: number;
    /** Where the loaded program can see its own headers (`AT_PHDR`); 0 if no segment contains them, as in Linux. */
    readonly address: number;
  };
}

const PT_LOAD = 1;
const PT_INTERP = 3;
const PT_GNU_STACK = 0x6474_e551;
const PF_X = 1;
const PF_W = 2;
const PF_R = 4;
const PROGRAM_HEADER_SIZE = 56;

const hex = (value: number): string => `0x${value.toString(16)}`;

/**
 * Reads and checks the headers of an RV64 ELF program (ELF-64 object file format; RISC-V ELF psABI).
 * Time and memory are bounded by the number of program headers, whatever the file says of its sizes.
 *
 * @throws ElfError saying what is wrong with the file, where, and what to do.
 */
export function parseElf(bytes: Uint8Array): Elf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = parseHeader(view);
  const segments: Segment[] = [];
  let interpreter: string | undefined;
  let executableStack = false;
  for (let index = 0; index < header.programHeaderCount; index += 1) {
    const at = header.programHeaderOffset + index * PROGRAM_HEADER_SIZE;
    const type = view.getUint32(at, true);
    if (type === PT_INTERP) interpreter ??= interpreterPath(view, at, index);
    if (type === PT_GNU_STACK) executableStack = (view.getUint32(at + 4, true) & PF_X) !== 0;
    if (type === PT_LOAD) {
      const segment = parseSegment(view, at, index, header.type === "position-independent");
      if (segment) addSegment(segments, segment, index);
    }
  }
  if (segments.length === 0) {
    throw new ElfError(
      "ELF_MALFORMED",
      "the ELF file has nothing to load: no PT_LOAD program header with a size",
    );
  }
  checkEntry(header.entry, header.type, segments);
  return {
    bytes,
    type: header.type,
    entry: header.entry,
    segments,
    interpreter,
    executableStack,
    programHeaders: {
      count: header.programHeaderCount,
      entrySize: PROGRAM_HEADER_SIZE,
      address: addressOfOffset(segments, header.programHeaderOffset),
    },
  };
}

function parseSegment(view: DataView, at: number, index: number, movable: boolean): Segment | undefined {
  const flags = view.getUint32(at + 4, true);
  const offset = word64(view, at + 8);
  const address = word64(view, at + 16);
  const fileSize = word64(view, at + 32);
  const memorySize = word64(view, at + 40);
  const where = `program header ${index} (at offset ${hex(at)} of the file)`;
  if (memorySize === 0 && fileSize === 0) return undefined;
  if (fileSize > memorySize) {
    throw new ElfError(
      "ELF_MALFORMED",
      `${where}: the segment is bigger in the file (${hex(fileSize)} bytes) than in memory (${hex(memorySize)}); the file is damaged`,
    );
  }
  if (fileSize > 0 && offset + fileSize > view.byteLength) {
    throw new ElfError(
      "ELF_TRUNCATED",
      `${where}: the segment ends at offset ${hex(offset + fileSize)}, but the file has only ${hex(view.byteLength)} bytes; ` +
        "it is truncated: copy or build it again",
    );
  }
  const floor = movable ? 0 : GUEST_START;
  if (address < floor || address + memorySize > GUEST_END) {
    throw new ElfError(
      "ELF_OUT_OF_RANGE",
      `${where}: the segment wants addresses ${hex(address)} to ${hex(address + memorySize)}, but a guest has ` +
        `${hex(floor)} to ${hex(GUEST_END)}; link the program there (the linker's default is good)`,
    );
  }
  if (fileSize > 0 && address % PAGE_SIZE !== offset % PAGE_SIZE) {
    throw new ElfError(
      "ELF_MALFORMED",
      `${where}: address ${hex(address)} and file offset ${hex(offset)} differ within a page of ${PAGE_SIZE} bytes, ` +
        "so the segment cannot be mapped; link without -N (--omagic)",
    );
  }
  return {
    address,
    memorySize,
    offset,
    fileSize,
    readable: (flags & PF_R) !== 0,
    writable: (flags & PF_W) !== 0,
    executable: (flags & PF_X) !== 0,
  };
}

function addSegment(segments: Segment[], segment: Segment, index: number): void {
  const previous = segments.at(-1);
  if (previous && segment.address < previous.address + previous.memorySize) {
    throw new ElfError(
      "ELF_OVERLAP",
      `program header ${index}: the segment at ${hex(segment.address)} overlaps or precedes the one before it, which is ` +
        `${hex(previous.address)} to ${hex(previous.address + previous.memorySize)}; the file is damaged`,
    );
  }
  segments.push(segment);
}

function checkEntry(entry: number, type: Elf["type"], segments: readonly Segment[]): void {
  if (type === "position-independent" && entry === 0) {
    throw new ElfError("ELF_WRONG_TYPE", "this is a shared library (it has no entry point); give a program");
  }
  const inside = segments.some((s) => s.executable && entry >= s.address && entry < s.address + s.memorySize);
  if (!inside || entry % 2 !== 0) {
    const why = inside ? "is odd" : "is in no executable segment";
    throw new ElfError(
      "ELF_BAD_ENTRY",
      `the entry point ${hex(entry)} ${why}; the file is damaged or badly linked`,
    );
  }
}

function addressOfOffset(segments: readonly Segment[], offset: number): number {
  const holder = segments.find((s) => offset >= s.offset && offset < s.offset + s.fileSize);
  return holder ? holder.address + (offset - holder.offset) : 0;
}

/** Longest path of an interpreter with its NUL: PATH_MAX (fs/binfmt_elf.c, load_elf_binary). */
const LONGEST_PATH = 4096;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The path that a PT_INTERP program header leads to. */
function interpreterPath(view: DataView, at: number, index: number): string {
  const offset = word64(view, at + 8);
  const size = word64(view, at + 32);
  const where = `program header ${index} (at offset ${hex(at)} of the file)`;
  if (offset + size > view.byteLength) {
    throw new ElfError(
      "ELF_TRUNCATED",
      `${where}: the interpreter's path ends at offset ${hex(offset + size)}, but the file has only ` +
        `${hex(view.byteLength)} bytes; it is truncated: copy or build it again`,
    );
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, size);
  if (size < 2 || size > LONGEST_PATH || bytes.indexOf(0) !== size - 1) {
    throw new ElfError(
      "ELF_MALFORMED",
      `${where}: the interpreter's path is not 1 to ${LONGEST_PATH - 1} bytes and a NUL; the file is damaged`,
    );
  }
  try {
    return decoder.decode(bytes.subarray(0, size - 1));
  } catch {
    throw new ElfError(
      "ELF_MALFORMED",
      `${where}: the interpreter's path is not UTF-8; link it with a name that is`,
    );
  }
}
