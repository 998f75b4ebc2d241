import { ElfError } from "../elf/error.js";
import type { Elf, Segment } from "../elf/parse.js";
import { createSymbolTable, type SymbolTable } from "../elf/symbols.js";
import type { GuestMemory } from "../memory/guest-memory.js";
import { createImageSource, type PageSource } from "../memory/source.js";
import { MMAP_TOP, PIE_BASE, pageCeil, pageFloor } from "./address-space.js";
import type { Executable } from "./executable.js";
import type { StartString } from "./initial-stack.js";
import type { ElfFile, ProgramFile } from "./program-file.js";
import { effectiveProtection, Protection } from "./protection.js";
import { mapVdso, SIGRETURN_ADDRESS } from "./vdso.js";

/** The program in memory. Addresses are those of the guest. */
export interface Program {
  /** Path that the program was given by; of a script, the script's. */
  readonly path: string;
  /** The program file itself (`/proc/self/exe`): of a script, its interpreter. */
  readonly executable: Executable;
  /** argv. */
  readonly args: readonly StartString[];
  /** Where execution starts: in the dynamic linker, if there is one. */
  readonly entry: number;
  /** The program's own entry point (`AT_ENTRY`). */
  readonly ownEntry: number;
  readonly executableStack: boolean;
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
  /** The dynamic linker; `base` is its load address (`AT_BASE`), `symbols` its own. */
  readonly interpreter:
    | { readonly path: string; readonly base: number; readonly symbols: SymbolTable }
    | undefined;
  /** Where signal handlers return to: see {@link SIGRETURN_ADDRESS}. */
  readonly sigreturnAddress: number;
}

/**
 * Maps a program, its dynamic linker and the page with the signal trampoline as Linux does (fs/binfmt_elf.c,
 * load_elf_binary): whole pages of the files, the rest zeros. The memory has to be empty.
 *
 * @throws ElfError if something does not fit into the guest's addresses or memory.
 */
export function loadProgram(memory: GuestMemory, file: ProgramFile): Program {
  const { program } = file;
  const { elf } = program;
  const span = spanOf(elf);
  const bias = elf.type === "position-independent" ? PIE_BASE - span.start : 0;
  const end = span.end + bias;
  if (end > MMAP_TOP) throw outOfRoom(end);
  mapSegments(memory, program, bias);
  if (!mapVdso(memory)) throw outOfMemory("the page of the signal trampoline", 1);
  const interpreter = file.interpreter && loadInterpreter(memory, file.interpreter);
  const code = elf.segments.filter((segment) => segment.executable);
  return {
    path: file.path,
    executable: { path: program.path, identity: undefined },
    args: file.args,
    entry: interpreter?.entry ?? elf.entry + bias,
    ownEntry: elf.entry + bias,
    executableStack: elf.executableStack,
    startCode: Math.min(...code.map((segment) => segment.address)) + bias,
    endCode: Math.max(...code.map((segment) => segment.address + segment.memorySize)) + bias,
    bias,
    symbols: createSymbolTable(elf.bytes, bias),
    headers: {
      ...elf.programHeaders,
      address: elf.programHeaders.address && elf.programHeaders.address + bias,
    },
    breakStart: end,
    interpreter,
    sigreturnAddress: SIGRETURN_ADDRESS,
  };
}

/** A dynamic linker is placed like a mapping: as high as there is room. */
function loadInterpreter(
  memory: GuestMemory,
  file: ElfFile,
): { path: string; base: number; entry: number; symbols: SymbolTable } {
  const { path, elf } = file;
  const span = spanOf(elf);
  const movable = elf.type === "position-independent";
  const place = movable ? memory.findFree(span.end - span.start, 0, MMAP_TOP) : span.start;
  if (place === undefined || place + (span.end - span.start) > MMAP_TOP) throw outOfRoom(MMAP_TOP);
  if (memory.mappingsWithin(place, span.end - span.start).length > 0) {
    throw new ElfError(
      "ELF_OVERLAP",
      `the dynamic linker ${path} wants addresses that the program has; link one of them elsewhere`,
    );
  }
  const base = place - span.start;
  mapSegments(memory, file, base);
  return { path, base, entry: elf.entry + base, symbols: createSymbolTable(elf.bytes, base) };
}

/** The pages from the first to the last segment. */
function spanOf({ segments }: Elf): { start: number; end: number } {
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) throw new ElfError("ELF_MALFORMED", "the ELF file has nothing to load");
  return { start: pageFloor(first.address), end: pageCeil(last.address + last.memorySize) };
}

function mapSegments(memory: GuestMemory, { path, elf }: ElfFile, bias: number): void {
  const source = createImageSource(elf.bytes);
  for (const segment of elf.segments) mapSegment(memory, path, source, segment, bias);
}

function mapSegment(
  memory: GuestMemory,
  path: string,
  source: PageSource,
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
  const backing = { name: path, file: true, offset: fileOffset, shared: false, source };
  const mapped =
    (filePages === start || memory.map(start, filePages - start, prot, backing)) &&
    (filePages >= end || memory.map(filePages, end - filePages, prot));
  if (!mapped) {
    throw outOfMemory(`the segment at 0x${address.toString(16)} of ${path}`, segment.memorySize);
  }
  // What follows in the file is not the program's, if zeros are to follow.
  const hasZeroFill = segment.fileSize > 0 && segment.memorySize > segment.fileSize;
  if (hasZeroFill && fileEnd < filePages) memory.poke(fileEnd, new Uint8Array(filePages - fileEnd));
}

function outOfRoom(end: number): ElfError {
  return new ElfError(
    "ELF_TOO_BIG",
    `the program ends at 0x${end.toString(16)}, but it must leave room for its stack from 0x${MMAP_TOP.toString(16)} on; ` +
      "make it smaller or link it lower",
  );
}

function outOfMemory(what: string, bytes: number): ElfError {
  return new ElfError(
    "ELF_NO_MEMORY",
    `${what} wants ${bytes} bytes, more than the guest's memory limit leaves; raise it with --max-memory, or make the ` +
      "program smaller",
  );
}
