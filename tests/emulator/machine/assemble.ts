import { encode, type Fields } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import { compressedInstructions } from "../../../packages/emulator/src/isa/riscv/rvc.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { SYSCALLS } from "../../../packages/emulator/src/linux/table.js";
import { buildElf } from "../elf/build-elf.js";

/** A piece of a test program; `to` names the label that its immediate leads to. */
export type Item =
  | { readonly label: string }
  | { readonly name: string; readonly fields: Fields; readonly to?: string }
  | { readonly halfword: number }
  | { readonly padTo: number };

/** An instruction by its name, compressed ones included. */
export const op = (name: string, fields: Fields = {}): Item => ({ name, fields });
/** A branch or jump to a label. */
export const to = (label: string, name: string, fields: Fields = {}): Item => ({ name, fields, to: label });
export const label = (name: string): Item => ({ label: name });
/** Two bytes that need not be an instruction. */
export const halfword = (bits: number): Item => ({ halfword: bits });
/** `c.nop`s up to this offset from the start of the program. */
export const padTo = (offset: number): Item => ({ padTo: offset });

export const [T0, T1, T2, S0, S1] = [5, 6, 7, 8, 9];
export const [A0, A1, A2, A3, A4, A5, A6, A7] = [10, 11, 12, 13, 14, 15, 16, 17];

/** Puts a number from -2^31 to 2^31-1 into a register. */
export function li(rd: number, value: number): Item[] {
  const low = (value << 20) >> 20;
  const high = (value - low) | 0;
  if (high === 0) return [op("addi", { rd, imm: low })];
  return [op("lui", { rd, imm: high }), op("addiw", { rd, rs1: rd, imm: low })];
}

/** Makes a system call; arguments are numbers that {@link li} takes. */
export function syscall(name: string, ...args: readonly number[]): Item[] {
  const number = SYSCALLS.find((row) => row.name === name)?.number;
  if (number === undefined) throw new Error(`no such system call: ${name}`);
  return [...args.flatMap((value, i) => li(A0 + i, value)), ...li(A7, number), op("ecall")];
}

export const exit = (code: number): Item[] => syscall("exit_group", code);

const compressed = new Map(compressedInstructions.map((row) => [row.name, row.encoding]));
const NOP = 0x0001;

function sizeOf(item: Item, offset: number): number {
  if ("label" in item) return 0;
  if ("halfword" in item) return 2;
  if ("padTo" in item) return Math.max(0, item.padTo - offset);
  return compressed.has(item.name) ? 2 : 4;
}

/** Where test programs start, and where their data is: {@link DATA_SIZE} bytes that can be read and written. */
export const TEXT = 0x2_0000;
export const DATA = 0x4_0000;
export const DATA_SIZE = 0x2000;

/** Machine code, and the addresses of its labels. */
export interface Assembled {
  readonly bytes: Uint8Array;
  readonly labels: ReadonlyMap<string, number>;
}

/** Assembles a program that starts at `start`. */
export function assemble(items: readonly Item[], start: number = TEXT): Assembled {
  const labels = new Map<string, number>();
  let size = 0;
  for (const item of items) {
    if ("label" in item) labels.set(item.label, start + size);
    size += sizeOf(item, size);
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const item of items) {
    const length = sizeOf(item, at);
    if ("halfword" in item) view.setUint16(at, item.halfword, true);
    if ("padTo" in item) for (let pad = 0; pad < length; pad += 2) view.setUint16(at + pad, NOP, true);
    if ("name" in item) {
      const encoding = compressed.get(item.name) ?? instructionNamed(item.name).encoding;
      const target = item.to === undefined ? undefined : labels.get(item.to);
      if (item.to !== undefined && target === undefined) throw new Error(`no label ${item.to}`);
      const fields = target === undefined ? item.fields : { ...item.fields, imm: target - start - at };
      const bits = encode(encoding, fields);
      if (length === 2) view.setUint16(at, bits, true);
      else view.setUint32(at, bits, true);
    }
    at += length;
  }
  return { bytes, labels };
}

/** A program file with this code, writable too if `textFlags` says so (PF_X 1, PF_W 2, PF_R 4), and zeroed data. */
export function programFile(code: Uint8Array, textFlags = 5): Uint8Array {
  return buildElf({
    entry: TEXT,
    segments: [
      { address: TEXT, flags: textFlags, bytes: code },
      { address: DATA, flags: 6, bytes: new Uint8Array(8), memorySize: DATA_SIZE },
    ],
  });
}
