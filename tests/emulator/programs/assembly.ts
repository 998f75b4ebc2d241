import { encode, type Fields } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import { compressedInstructions } from "../../../packages/emulator/src/isa/riscv/rvc.js";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import { type AnyRow, type Atom, createWriter, type Pins } from "../../conformance/program/assembler.js";

/** A place in the code that is known in the end. */
export type Label = number;

/** Eight bytes of data that depend on where the code came to stand. */
export type Word = (at: (label: Label) => number) => bigint;

/** What the assembled program consists of. */
export interface Assembled {
  readonly bytes: Uint8Array;
  /** Words that were asked for, in order. */
  readonly words: BigUint64Array;
  readonly at: (label: Label) => number;
}

/** Writes code whose branches reach as far as they must. */
export interface Assembly {
  label(): Label;
  place(label: Label): void;
  put(row: AnyRow, fields: Fields): void;
  /** A conditional branch, compressed if it reaches; else full, else around a jump. */
  branch(row: AnyRow, fields: Fields, to: Label): void;
  /** `jal`; compressed if it may be, and reaches. */
  jump(rd: number, to: Label, short?: boolean): void;
  /** Puts the address of a label into a register: relative to the pc, or absolute. */
  address(rd: number, to: Label, absolute: boolean): void;
  /** The upper half of {@link address}, for an instruction at once behind it that takes the lower as immediate. */
  addressed(via: number, to: Label, row: AnyRow, fields: Fields): void;
  atoms(list: readonly Atom[], pins: Pins): void;
  bytes(bytes: Uint8Array): void;
  /** Keeps a word in the data; gives its index among them. */
  word(word: Word): number;
  finish(): Assembled;
}

const row = instructionNamed;
const JAL = row("jal");
const AUIPC = row("auipc");
const LUI = row("lui");
const ADDI = row("addi");

/** A compressed instruction's row. */
export function shortRow(name: string): AnyRow {
  const found = compressedInstructions.find((c) => c.name === name);
  if (found === undefined) throw new Error(`no compressed instruction is called "${name}"`);
  return found;
}

const C_J = shortRow("c.j");
const OPPOSITE: Readonly<Record<string, string>> = {
  beq: "bne",
  bne: "beq",
  blt: "bge",
  bge: "blt",
  bltu: "bgeu",
  bgeu: "bltu",
};
const FULL: Readonly<Record<string, string>> = { "c.beqz": "beq", "c.bnez": "bne" };

/** A piece of code, of one size at first and perhaps a larger one later. */
interface Piece {
  size: number;
  /** Where it begins, once that is known. */
  at: number;
  /** The size it needs to lead from `at` to its target. */
  readonly need: (at: number) => number;
  readonly write: (code: Code, at: number, size: number) => void;
}

/** Instructions as halfwords. */
interface Code {
  put(row: AnyRow, fields: Fields): void;
  bytes(bytes: Uint8Array): void;
}

const fits = (distance: number, bits: number): boolean =>
  distance >= -(2 ** (bits - 1)) && distance < 2 ** (bits - 1);

const isShort = ({ name }: AnyRow): boolean => name.startsWith("c.");
const low = (value: number): number => (value << 20) >> 20;

function createCode(): Code & { take(): Uint8Array } {
  const out: number[] = [];
  return {
    put(of, fields) {
      const bits = encode(of.encoding, fields);
      out.push(bits & 255, (bits >>> 8) & 255);
      if (!isShort(of)) out.push((bits >>> 16) & 255, bits >>> 24);
    },
    bytes: (bytes) => void out.push(...bytes),
    take: () => Uint8Array.from(out),
  };
}

/** Starts code at an address. */
export function createAssembly(base: number): Assembly {
  const pieces: Piece[] = [];
  const labels: number[] = [];
  const words: Word[] = [];
  let known = false;

  const at = (label: Label): number => {
    const index = labels[label];
    if (index === undefined || index < 0) throw new Error(`label ${label} has no place`);
    return index < pieces.length ? (pieces[index]?.at ?? base) : end();
  };
  const end = (): number => {
    const last = pieces.at(-1);
    return last === undefined ? base : last.at + last.size;
  };
  const fixed = (size: number, write: Piece["write"]): void =>
    void pieces.push({ size, at: 0, need: () => size, write });

  function layOut(): void {
    for (let grown = true; grown; ) {
      grown = false;
      let pc = base;
      for (const piece of pieces) {
        piece.at = pc;
        pc += piece.size;
      }
      for (const piece of pieces) {
        const size = piece.need(piece.at);
        if (size <= piece.size) continue;
        piece.size = size;
        grown = true;
      }
    }
    known = true;
  }

  return {
    label: () => labels.push(-1) - 1,
    place: (label) => {
      labels[label] = pieces.length;
    },
    put: (of, fields) => fixed(isShort(of) ? 2 : 4, (code) => code.put(of, fields)),
    branch(of, fields, to) {
      const full = row(FULL[of.name] ?? of.name);
      const opposite = row(OPPOSITE[full.name] ?? "");
      pieces.push({
        size: isShort(of) ? 2 : 4,
        at: 0,
        need: (from) => {
          const distance = at(to) - from;
          if (isShort(of) && fits(distance, 9)) return 2;
          return fits(distance, 13) ? 4 : 8;
        },
        write(code, from, size) {
          const imm = at(to) - from;
          if (size === 2) code.put(of, { ...fields, imm });
          else if (size === 4) code.put(full, { ...fields, imm });
          else {
            code.put(opposite, { ...fields, imm: 8 });
            code.put(JAL, { rd: 0, imm: imm - 4 });
          }
        },
      });
    },
    jump(rd, to, short = false) {
      const mayBeShort = short && rd === 0;
      pieces.push({
        size: mayBeShort ? 2 : 4,
        at: 0,
        need: (from) => (mayBeShort && fits(at(to) - from, 12) ? 2 : 4),
        write: (code, from, size) => {
          const imm = at(to) - from;
          if (size === 2) code.put(C_J, { imm });
          else code.put(JAL, { rd, imm });
        },
      });
    },
    address(rd, to, absolute) {
      fixed(8, (code, from) => {
        const value = at(to) - (absolute ? 0 : from);
        code.put(absolute ? LUI : AUIPC, { rd, imm: value - low(value) });
        code.put(ADDI, { rd, rs1: rd, imm: low(value) });
      });
    },
    addressed(via, to, of, fields) {
      fixed(8, (code, from) => {
        const value = at(to) - from;
        code.put(AUIPC, { rd: via, imm: value - low(value) });
        code.put(of, { ...fields, rs1: via, imm: low(value) });
      });
    },
    atoms(list, pins) {
      if (list.length === 0) return;
      const writer = createWriter(0);
      writer.atoms(list, pins);
      const { bytes } = writer.finish();
      fixed(bytes.length, (code) => code.bytes(bytes));
    },
    bytes: (bytes) => fixed(bytes.length, (code) => code.bytes(bytes)),
    word: (word) => words.push(word) - 1,
    finish() {
      layOut();
      const code = createCode();
      for (const { write, at: from, size } of pieces) write(code, from, size);
      return {
        bytes: code.take(),
        words: BigUint64Array.from(words.map((word) => BigInt.asUintN(64, word(at)))),
        at: (label) => {
          if (!known) throw new Error("not laid out");
          return at(label);
        },
      };
    },
  };
}
