import * as fc from "fast-check";
import { decode } from "../../../packages/emulator/src/isa/riscv/decode.js";
import { encode, type Fields } from "../../../packages/emulator/src/isa/riscv/encoding.js";
import type { Instruction } from "../../../packages/emulator/src/isa/riscv/instruction.js";
import { compressedInstructions } from "../../../packages/emulator/src/isa/riscv/rvc.js";
import { instructionNamed, instructions } from "../../../packages/emulator/src/isa/riscv/table.js";
import type { Assembler, Atom } from "./assembler.js";
import { ATOMIC, CSR, MEMORY, temporary } from "./atoms.js";
import { CODE_ADDRESS, DATA_ADDRESS, SLOT_SIZE } from "./layout.js";
import { atom, operands, type Sequence, sequencesOf } from "./sequence.js";

/** An address as code can make it: `(high << 12 + low) << shift`. */
interface Made {
  readonly high: number;
  readonly low: number;
  readonly shift: number;
}

const made = (address: number): Made => ({
  high: (address + 0x800) >> 12,
  low: (address << 20) >> 20,
  shift: 0,
});

/** Past the one slot of a single sequence, and with it past the program. */
const DATA_END = DATA_ADDRESS + 2 * SLOT_SIZE;

/** Addresses that are wrong for instruction fetch, most of them for loads and stores as well. */
const badTarget: fc.Arbitrary<Made> = fc.oneof(
  fc.constantFrom(0, 1, 8, 0xff8, 0x8000, CODE_ADDRESS - 8).map(made),
  fc.integer({ min: DATA_END - 8, max: DATA_END + 8 }).map(made),
  fc.integer({ min: DATA_ADDRESS - 9, max: DATA_ADDRESS + 64 }).map(made),
  fc.constantFrom(0x4000_0000, 0x7fff_f000).map(made),
  fc.constantFrom({ high: 0, low: 1, shift: 37 }, { high: 0, low: 1, shift: 63 }),
  fc.integer({ min: -16, max: -1 }).map(made),
);

/** The same, and code: wrong for stores. */
const badAddress: fc.Arbitrary<Made> = fc.oneof(
  { weight: 6, arbitrary: badTarget },
  { weight: 1, arbitrary: fc.integer({ min: CODE_ADDRESS, max: CODE_ADDRESS + 256 }).map(made) },
);

const ADDI = instructionNamed("addi");

function load(asm: Assembler, register: number, { high, low, shift }: Made): void {
  asm.put(instructionNamed("lui"), { rd: register, imm: high << 12 });
  asm.put(ADDI, { rd: register, rs1: register, imm: low });
  if (shift > 0) asm.put(instructionNamed("slli"), { rd: register, rs1: register, imm: shift });
}

/** A misaligned SC faults, says the manual; under QEMU only if it has a reservation, which it cannot have. */
const isStoreConditional = ({ name }: Instruction): boolean => name.startsWith("sc.");
const LOCKED = ATOMIC.filter((row) => !isStoreConditional(row));

/** A load, store or atomic there. */
const badAccess = fc.tuple(fc.constantFrom(...MEMORY, ...ATOMIC), operands, badAddress).map(
  ([row, values, address]): Atom => ({
    emit(asm) {
      const via = temporary(asm, values.rs1);
      load(asm, via, isStoreConditional(row) ? { ...address, low: address.low & -8 } : address);
      const rd = row.operands.includes("rd") ? asm.free(values.rd) : values.rd;
      asm.put(row, { ...values, rd, rs1: via, imm: 0 });
    },
  }),
);

/** An atomic or LR in the arena, but out of line. */
const misaligned = fc.tuple(fc.constantFrom(...LOCKED), operands, fc.integer({ min: -9, max: 9 })).map(
  ([row, values, at]): Atom => ({
    emit(asm) {
      const via = temporary(asm, values.rs1);
      asm.put(ADDI, { rd: via, rs1: asm.pins.anchor, imm: at });
      asm.put(row, { ...values, rd: asm.free(values.rd), rs1: via });
    },
  }),
);

const badJump = fc.tuple(operands, badTarget).map(
  ([values, address]): Atom => ({
    emit(asm) {
      const via = temporary(asm, values.rs1);
      load(asm, via, address);
      asm.put(instructionNamed("jalr"), { rd: asm.free(values.rd), rs1: via, imm: 0 });
    },
  }),
);

const raw = (bits: number): Atom => ({ emit: (asm) => asm.raw(bits) });
const isReserved = (bits: number): boolean => decode(bits) === undefined;
const word = fc.integer().map((bits) => bits >>> 0);

/** Bits that stand for no instruction: any, or one bit away from one. */
const reserved = fc
  .oneof(
    word.map((bits) => (bits | 3) >>> 0),
    fc.nat(0xffff).filter((bits) => (bits & 3) !== 3),
    fc
      .tuple(fc.constantFrom(...instructions), operands, fc.integer({ min: 2, max: 31 }))
      .map(([row, values, bit]) => (encode(row.encoding, values) ^ (1 << bit)) >>> 0),
    fc
      .tuple(fc.constantFrom(...compressedInstructions), operands, fc.nat(15))
      .map(([row, values, bit]) => encode(row.encoding, values) ^ (1 << bit))
      .filter((bits) => (bits & 3) !== 3),
  )
  .filter(isReserved)
  .map(raw);

/** Instructions that round. */
const ROUNDING: readonly Instruction[] = instructions.filter(
  (i) => i.operands.includes("rm") || i.operands.includes("rmUnlessZero"),
);

/** Sets `frm`, valid or not, and then rounds with `values.rm`, which may ask for that. */
export function round(row: Instruction, values: Fields, frm: number): Atom {
  return {
    emit(asm) {
      asm.put(instructionNamed("csrrwi"), { rd: 0, rs1: frm, imm: 2 });
      const { rd = 0 } = values;
      asm.put(row, { ...values, rd: row.operands.includes("rd") ? asm.free(rd) : rd });
    },
  };
}

const rounding = fc
  .tuple(fc.constantFrom(...ROUNDING), operands, fc.constantFrom(5, 6, 7, 7, 7, 0), fc.nat(7))
  .map(([row, values, rm, frm]) => round(row, { ...values, rm }, frm));

/** An access to any control and status register; what it reads is thrown away. */
const anyCsr = fc
  .tuple(fc.constantFrom(...CSR), operands, fc.oneof(fc.nat(4095), fc.integer({ min: 0xbff, max: 0xc20 })))
  .map(([row, values, imm]): Atom => ({ emit: (asm) => asm.put(row, { ...values, rd: 0, imm }) }));

/** What has a name and always faults: ebreak, unimp, instructions of other privileges. */
const named = fc
  .constantFrom(
    ...instructions.filter((i) => i.name === "ebreak" || i.name === "unimp" || i.extension === "privileged"),
    ...compressedInstructions.filter((i) => i.name === "c.ebreak"),
  )
  .map((row): Atom => ({ emit: (asm) => asm.put(row, {}) }));

/** Atoms that are likely to fault. */
export const fault: fc.Arbitrary<Atom> = fc.oneof(
  { weight: 6, arbitrary: badAccess },
  { weight: 3, arbitrary: misaligned },
  { weight: 2, arbitrary: badJump },
  { weight: 6, arbitrary: reserved },
  { weight: 3, arbitrary: rounding },
  { weight: 2, arbitrary: anyCsr },
  { weight: 2, arbitrary: named },
);

/** Random sequences whose last atom is likely to fault. */
export const faultingSequences: fc.Arbitrary<Sequence> = sequencesOf(
  fc.tuple(fc.array(atom, { maxLength: 8 }), fault).map(([before, last]) => [...before, last]),
);

/** A sequence of this one atom. */
export function sequenceOf(only: Atom): Sequence {
  const anchor = 3;
  const pins = { anchor, pointers: [{ register: anchor, offset: 0 }], all: new Set([anchor]) };
  return { seed: 1, fcsr: 0, pins, repeat: 1, counter: anchor, atoms: [only] };
}
