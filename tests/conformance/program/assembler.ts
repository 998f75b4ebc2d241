import { type Encoding, encode, type Fields } from "../../../packages/emulator/src/isa/riscv/encoding.js";

/** A row of either instruction table. */
export interface AnyRow {
  readonly name: string;
  readonly encoding: Encoding;
}

/** A register that holds an address, and which. */
export interface Pointer {
  readonly register: number;
  /** The address, relative to the slot: the page boundary in the middle of the arena. */
  readonly offset: number;
}

/** Registers that no instruction of a sequence may write. */
export interface Pins {
  /** Holds the address of the slot. */
  readonly anchor: number;
  readonly pointers: readonly Pointer[];
  readonly all: ReadonlySet<number>;
}

/** Where an atom writes its instructions to. Whatever the atom asks for, what comes out is harmless. */
export interface Assembler {
  /** Address of the next instruction. */
  readonly pc: number;
  readonly pins: Pins;
  /** Address behind as many of the following atoms. */
  target(skip: number): number;
  put(row: AnyRow, fields: Fields): void;
  /** Any bits: 32 of them if the lowest two are set, else 16. */
  raw(bits: number): void;
  /** This register, or if it is pinned another that is not. x0 stays x0. */
  free(register: number): number;
  /** The same among x8 to x15. */
  freeShort(register: number): number;
}

/** A few instructions that belong together; nothing jumps in between. Always of the same size in the same sequence. */
export interface Atom {
  emit(asm: Assembler): void;
}

/** Machine code, and how often each mnemonic stands in it. */
export interface Code {
  readonly bytes: Uint8Array;
  readonly mnemonics: ReadonlyMap<string, number>;
}

/** Writes machine code, atom by atom. */
export interface Writer {
  readonly pc: number;
  put(row: AnyRow, fields: Fields): void;
  atoms(atoms: readonly Atom[], pins: Pins): void;
  finish(): Code;
}

function freeOf(pins: Pins, first: number, last: number): (register: number) => number {
  return (register) => {
    let candidate = register;
    while (pins.all.has(candidate)) candidate = candidate === last ? first : candidate + 1;
    return candidate;
  };
}

/** Makes a writer whose first instruction stands at `base`. */
export function createWriter(base: number): Writer {
  let halves = new Uint16Array(4096);
  let length = 0;
  const mnemonics = new Map<string, number>();
  let counting = true;

  const pcNow = (): number => base + 2 * length;

  function raw(bits: number): void {
    if (length + 2 > halves.length) {
      const larger = new Uint16Array(2 * halves.length);
      larger.set(halves);
      halves = larger;
    }
    halves[length++] = bits & 0xffff;
    if ((bits & 3) === 3) halves[length++] = bits >>> 16;
  }

  function put(row: AnyRow, fields: Fields): void {
    raw(encode(row.encoding, fields));
    if (counting) mnemonics.set(row.name, (mnemonics.get(row.name) ?? 0) + 1);
  }

  function atoms(list: readonly Atom[], pins: Pins): void {
    let starts: readonly number[] = [];
    let index = 0;
    const asm: Assembler = {
      get pc() {
        return pcNow();
      },
      pins,
      target: (skip) => starts[Math.min(index + 1 + skip, list.length)] ?? pcNow(),
      put,
      raw,
      free: freeOf(pins, 1, 31),
      freeShort: freeOf(pins, 8, 15),
    };
    const pass = (): readonly number[] => {
      const found = list.map((atom, i) => {
        index = i;
        const start = pcNow();
        atom.emit(asm);
        return start;
      });
      return [...found, pcNow()];
    };
    // The first pass finds out where each atom begins; its jumps lead nowhere yet.
    const begin = length;
    counting = false;
    starts = pass();
    counting = true;
    length = begin;
    pass();
  }

  return {
    get pc() {
      return pcNow();
    },
    put,
    atoms,
    finish: () => ({ bytes: new Uint8Array(halves.buffer, 0, 2 * length).slice(), mnemonics }),
  };
}
