import { ElfError } from "./error.js";
import { EM_RISCV, machineName } from "./machines.js";

/** What the first 64 bytes of a program file say (ELF gABI, "ELF Header"). */
export interface ElfHeader {
  readonly type: "executable" | "position-independent";
  readonly entry: number;
  readonly programHeaderOffset: number;
  readonly programHeaderCount: number;
}

const HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;
/** Linux reads no more than 64 KiB of program headers (fs/binfmt_elf.c, load_elf_phdrs). */
const MAX_PROGRAM_HEADERS = Math.floor(0x1_0000 / PROGRAM_HEADER_SIZE);
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
const EV_CURRENT = 1;
const ET_EXEC = 2;
const ET_DYN = 3;
/** `e_flags` bit of the embedded ABI with 16 registers (RISC-V ELF psABI, "File Header"). */
const EF_RISCV_RVE = 8;
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "an object file that is not linked yet; link it"],
  [4, "a core dump; give the program that left it"],
]);
const THIS_MACHINE = "this machine runs riscv64";

/**
 * Reads and checks the ELF header.
 * @throws ElfError for anything but a little-endian RV64 program.
 */
export function parseHeader(view: DataView): ElfHeader {
  const size = view.byteLength;
  if (size === 0) throw new ElfError("ELF_EMPTY", "the file is empty; give a riscv64 ELF program");
  if (size < 4 || view.getUint32(0) !== 0x7f454c46) throw notElf(view);
  if (size < HEADER_SIZE) {
    throw new ElfError(
      "ELF_TRUNCATED",
      `the ELF header has ${HEADER_SIZE} bytes, but the file only ${size}; it is truncated: copy or build it again`,
    );
  }
  checkKind(view);
  const type = view.getUint16(16, true);
  if (type !== ET_EXEC && type !== ET_DYN) {
    const kind = OTHER_TYPES.get(type) ?? `of ELF type ${type}; give a linked program`;
    throw new ElfError("ELF_WRONG_TYPE", `not a program: this is ${kind}`);
  }
  return {
    type: type === ET_EXEC ? "executable" : "position-independent",
    entry: word64(view, 24),
    programHeaderOffset: word64(view, 32),
    programHeaderCount: checkProgramHeaders(view),
  };
}

/** A 64-bit little-endian word as a number; exact below 2^53, and only compared with bounds above. */
export function word64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

/** Class, byte order and machine, named as users name them: a foreign program is the most common mistake. */
function checkKind(view: DataView): void {
  const elfClass = view.getUint8(4);
  const data = view.getUint8(5);
  if (data !== ELFDATA2LSB && data !== 2) {
    throw new ElfError(
      "ELF_WRONG_BYTE_ORDER",
      `byte 5 of the ELF header gives byte order ${data}, which there is not; the file is damaged`,
    );
  }
  const littleEndian = data === ELFDATA2LSB;
  const machine = view.getUint16(18, littleEndian);
  const name = machineName(machine);
  if (machine !== EM_RISCV) {
    throw new ElfError("ELF_WRONG_MACHINE", `${name} program; ${THIS_MACHINE}: build it for riscv64`);
  }
  if (!littleEndian) {
    throw new ElfError("ELF_WRONG_BYTE_ORDER", `big-endian ${name} program; ${THIS_MACHINE}, little-endian`);
  }
  if (elfClass !== ELFCLASS64) {
    const kind = elfClass === 1 ? `32-bit ${name} program` : `the ELF class ${elfClass} is unknown`;
    throw new ElfError("ELF_WRONG_CLASS", `${kind}; ${THIS_MACHINE}: build it with -march=rv64gc`);
  }
  if (view.getUint32(48, true) & EF_RISCV_RVE) {
    throw new ElfError(
      "ELF_WRONG_MACHINE",
      `RV64E program; ${THIS_MACHINE} (RV64GC): build it with -march=rv64gc`,
    );
  }
  if (view.getUint32(20, true) !== EV_CURRENT) {
    throw new ElfError(
      "ELF_MALFORMED",
      `ELF version ${view.getUint32(20, true)} at offset 0x14 is unknown; the file is damaged`,
    );
  }
}

function checkProgramHeaders(view: DataView): number {
  const offset = word64(view, 32);
  const entrySize = view.getUint16(54, true);
  const count = view.getUint16(56, true);
  if (count === 0) {
    throw new ElfError(
      "ELF_MALFORMED",
      "the ELF file has no program headers, so there is nothing to load; link it",
    );
  }
  if (entrySize !== PROGRAM_HEADER_SIZE) {
    throw new ElfError(
      "ELF_MALFORMED",
      `program headers of ${entrySize} bytes (offset 0x36) instead of ${PROGRAM_HEADER_SIZE}; the file is damaged`,
    );
  }
  if (count > MAX_PROGRAM_HEADERS) {
    throw new ElfError(
      "ELF_TOO_BIG",
      `${count} program headers (offset 0x38), but Linux takes at most ${MAX_PROGRAM_HEADERS}; the file is damaged`,
    );
  }
  const end = offset + count * PROGRAM_HEADER_SIZE;
  if (end > view.byteLength) {
    throw new ElfError(
      "ELF_TRUNCATED",
      `the program headers end at offset 0x${end.toString(16)}, but the file has only 0x${view.byteLength.toString(16)} bytes; ` +
        "it is truncated: copy or build it again",
    );
  }
  return count;
}

function notElf(view: DataView): ElfError {
  const script = view.byteLength > 1 && view.getUint16(0) === 0x2321;
  const what = script ? "a script" : "not an ELF file";
  return new ElfError("ELF_NOT_ELF", `this is ${what}; give a riscv64 ELF program`);
}
