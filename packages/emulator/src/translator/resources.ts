import type { Decoded } from "../isa/riscv/instruction.js";
import { FLOAT_REGISTERS, INTEGER_REGISTERS } from "../isa/riscv/registers.js";
import { F_REGISTERS, X_REGISTERS } from "../memory/layout.js";
import type { Steps } from "./steps.js";

/**
 * What a region keeps in local variables: guest registers, counters, ends of rings. Each has a place in memory, its home,
 * where its value is whenever the region is not running. A set of them is a bit mask: x0 to x31 are bits 0 to 31, f0 to
 * f31 bits 32 to 63, the others come after.
 */
export type ResourceSet = bigint;

/** Where the value of a resource is while the region is not running. */
export type Home =
  | { readonly kind: "x" | "f"; readonly address: number }
  /** A counter or scoreboard entry, by its offset in the vCPU's cells. */
  | { readonly kind: "cell"; readonly offset: number }
  /** The end of a ring: where in its first column the next event goes. */
  | { readonly kind: "ring"; readonly address: number };

/** All resources of a region. */
export interface Resources {
  readonly homes: readonly Home[];
  /** Those that are not registers: callbacks may look at and change them, whatever they asked for. */
  readonly extras: ResourceSet;
  /** Bit of a cell; undefined if it stays in memory. */
  cell(offset: number): number | undefined;
  ring(address: number): number | undefined;
}

/** No resource. */
export const NOTHING: ResourceSet = 0n;
/** All that there can be. */
export const EVERYTHING: ResourceSet = -1n;
/** All registers but x0. */
export const REGISTERS: ResourceSet = (1n << 64n) - 2n;
const FIRST_EXTRA = 64;
/** Most cells that a region keeps in variables: with more of them, each is used in few blocks. */
const MOST_CELLS = 8;

/** The set of one. */
export function only(bit: number): ResourceSet {
  return 1n << BigInt(bit);
}

/** The bits of a set, lowest first. */
export function* bitsOf(set: ResourceSet): Generator<number> {
  let bit = 0;
  for (let rest = set; rest !== NOTHING; rest >>= 32n) {
    for (let word = Number(rest & 0xffff_ffffn); word !== 0; word &= word - 1) {
      yield bit + 31 - Math.clz32(word & -word);
    }
    bit += 32;
  }
}

/** What people call a resource: a register as the ABI does, a cell by its offset, a ring by its address. */
export function resourceName({ homes }: Resources, bit: number): string {
  const home = homes[bit];
  switch (home?.kind) {
    case "x":
      return INTEGER_REGISTERS[bit] ?? `x${bit}`;
    case "f":
      return FLOAT_REGISTERS[bit - 32] ?? `f${bit - 32}`;
    case "cell":
      return `cell_${home.offset}`;
    case "ring":
      return `ring_${home.address.toString(16)}`;
    case undefined:
      throw new Error(`there is no resource ${bit}`);
  }
}

/** Collects what a region with these steps keeps in variables. */
export function resourcesOf(blocks: readonly Steps[]): Resources {
  const cells = new Set<number>();
  const rings = new Set<number>();
  for (const { all } of blocks) {
    for (const step of all) {
      if (step.kind !== "probe") continue;
      if ("cell" in step.probe) cells.add(step.probe.cell);
      else if (step.probe.kind === "batch") rings.add(step.probe.ring);
    }
  }
  const homes: Home[] = [];
  for (let i = 0; i < 32; i++) homes.push({ kind: "x", address: X_REGISTERS + 8 * i });
  for (let i = 0; i < 32; i++) homes.push({ kind: "f", address: F_REGISTERS + 8 * i });
  const cellBits = new Map<number, number>();
  if (cells.size <= MOST_CELLS) {
    for (const offset of cells) cellBits.set(offset, homes.push({ kind: "cell", offset }) - 1);
  }
  const ringBits = new Map<number, number>();
  for (const address of rings) ringBits.set(address, homes.push({ kind: "ring", address }) - 1);
  return {
    homes,
    extras: (1n << BigInt(homes.length)) - (1n << BigInt(FIRST_EXTRA)),
    cell: (offset) => cellBits.get(offset),
    ring: (address) => ringBits.get(address),
  };
}

/** Registers that an instruction reads and writes. */
export function registersOf({ instruction, rd, rs1, rs2, rs3 }: Decoded): {
  readonly uses: ResourceSet;
  readonly defs: ResourceSet;
} {
  let uses = NOTHING;
  let defs = NOTHING;
  for (const operand of instruction.operands) {
    switch (operand) {
      case "rd":
        defs |= only(rd);
        break;
      case "rs1":
      case "loadAddress":
      case "storeAddress":
      case "atomicAddress":
        uses |= only(rs1);
        break;
      case "rs2":
        uses |= only(rs2);
        break;
      case "fd":
        defs |= only(32 + rd);
        break;
      case "fs1":
        uses |= only(32 + rs1);
        break;
      case "fs2":
        uses |= only(32 + rs2);
        break;
      case "fs3":
        uses |= only(32 + rs3);
        break;
    }
  }
  // x0 is no variable.
  return { uses: uses & ~1n, defs: defs & ~1n };
}
