import * as fc from "fast-check";
import { instructionNamed } from "../../../packages/emulator/src/isa/riscv/table.js";
import type { Atom, Pins, Pointer } from "./assembler.js";
import * as atoms from "./atoms.js";

/** A random program: what it starts with, and what it does. */
export interface Sequence {
  /** Registers and arena are drawn from this. */
  readonly seed: number;
  /** `fcsr` at the start: a valid rounding mode and any flags. */
  readonly fcsr: number;
  readonly pins: Pins;
  /** How often all of it is done, and the pinned register that counts. */
  readonly repeat: number;
  readonly counter: number;
  readonly atoms: readonly Atom[];
}

/** The arena: the bytes around the slot's page boundary that loads and stores may touch. */
export const ARENA = { first: -256, end: 272 } as const;

const register = fc.nat(31);
const immediate = fc.oneof(
  { weight: 3, arbitrary: fc.integer() },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, -1, 2047, -2048, 0x7fff_ffff, -0x8000_0000) },
);
const bit = fc.nat(1);

/** Operands of any kind. */
export const operands: fc.Arbitrary<atoms.Operands> = fc.record({
  rd: register,
  rs1: register,
  rs2: register,
  rs3: register,
  rm: fc.constantFrom(7, 0, 1, 2, 3, 4),
  imm: immediate,
  aq: bit,
  rl: bit,
  pred: fc.nat(15),
  succ: fc.nat(15),
});

/** A place where eight bytes lie in the arena; often one that crosses the page boundary. */
const place = fc.oneof(fc.integer({ min: ARENA.first, max: ARENA.end - 8 }), fc.integer({ min: -9, max: 1 }));
/** A few places, so that atomics meet. */
const meeting = fc.constantFrom(0, 4, 8, -8, 64);
const skip = fc.nat(6);
const mode = fc.nat(4);

/** Atoms that do no harm. */
export const atom: fc.Arbitrary<Atom> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.tuple(fc.constantFrom(...atoms.PLAIN), operands).map((a) => atoms.plain(...a)),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(fc.constantFrom(...atoms.SHORT_PLAIN), operands).map((a) => atoms.shortPlain(...a)),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...atoms.MEMORY), operands, fc.nat(2), place)
      .map((a) => atoms.memory(...a)),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...atoms.SHORT_MEMORY), operands).map((a) => atoms.shortMemory(...a)),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...atoms.ATOMIC), operands, fc.oneof(meeting, place))
      .map((a) => atoms.atomic(...a)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("lr.w", "lr.d").map(instructionNamed),
        fc.constantFrom("sc.w", "sc.d").map(instructionNamed),
        operands,
        meeting,
        fc.boolean(),
      )
      .map((a) => atoms.reservation(...a)),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...atoms.BRANCH), operands, skip).map((a) => atoms.branch(...a)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...atoms.SHORT_BRANCH), operands, skip)
      .map((a) => atoms.shortBranch(...a)),
  },
  { weight: 1, arbitrary: fc.tuple(fc.boolean(), operands, skip).map((a) => atoms.jump(...a)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom<atoms.IndirectForm>("full", "jr", "jalr"), operands, skip)
      .map((a) => atoms.indirectJump(...a)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...atoms.CSR), operands).map((a) => atoms.accessFlags(...a)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...atoms.CSR), fc.boolean(), operands, mode)
      .map((a) => atoms.accessMode(...a)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(operands, mode, fc.nat(31))
      .map(([o, m, flags]) => atoms.setFcsr(o, (m << 5) | flags)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom("csrrs", "csrrc", "csrrsi", "csrrci").map(instructionNamed), fc.nat(2))
      .map((a) => atoms.readCounter(...a)),
  },
  { weight: 1, arbitrary: fc.constant(atoms.unknownSyscall) },
);

/** The same, and what optional extensions bring. */
const extendedAtom: fc.Arbitrary<Atom> = fc.oneof(
  { weight: 6, arbitrary: atom },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...atoms.EXTENDED), operands).map((a) => atoms.extended(...a)),
  },
);

/** Draws which registers hold addresses; their offsets leave room for what compressed instructions can reach. */
const pins = fc
  .record({
    anchor: fc.integer({ min: 1, max: 31 }),
    short: fc.integer({ min: 8, max: 15 }),
    shortShift: fc.nat(7),
    stack: fc.option(fc.nat(7)),
    counter: fc.integer({ min: 1, max: 31 }),
  })
  .map(({ anchor, short, shortShift, stack, counter }) => {
    const pointers: Pointer[] = [{ register: anchor, offset: 0 }];
    if (short !== anchor) pointers.push({ register: short, offset: -160 + shortShift });
    if (stack !== null && anchor !== 2) pointers.push({ register: 2, offset: ARENA.first + stack });
    const taken = new Set(pointers.map((p) => p.register));
    let free = counter;
    while (taken.has(free)) free = (free % 31) + 1;
    return { pins: { anchor, pointers, all: new Set([...taken, free]) }, counter: free };
  });

/** Random sequences that do what `atoms` draws. They shrink to fewer and simpler atoms. */
export function sequencesOf(atoms: fc.Arbitrary<readonly Atom[]>): fc.Arbitrary<Sequence> {
  return fc
    .record({
      seed: fc.noShrink(fc.integer()),
      mode,
      flags: fc.nat(31),
      pinned: pins,
      repeat: fc.oneof(
        { weight: 6, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) },
      ),
      atoms,
    })
    .map(({ seed, mode, flags, pinned, repeat, atoms }) => ({
      seed,
      fcsr: (mode << 5) | flags,
      ...pinned,
      repeat,
      atoms,
    }));
}

/** Random sequences of up to `length` atoms that end at their end. */
export function sequences(length: number): fc.Arbitrary<Sequence> {
  return sequencesOf(fc.array(atom, { minLength: 1, maxLength: length, size: "max" }));
}

/** The same for a processor with the optional extensions that the witness knows. */
export function extendedSequences(length: number): fc.Arbitrary<Sequence> {
  return sequencesOf(fc.array(extendedAtom, { minLength: 1, maxLength: length, size: "max" }));
}
