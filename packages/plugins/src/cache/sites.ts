import type { Instruction } from "@qpp/emulator/contract";
import type { MissingInstruction, MissKind } from "./contract.js";

const KINDS = ["data", "fetch", "l2"] as const satisfies readonly MissKind[];

/** The instructions of the guest, numbered, with their misses. */
export interface Sites {
  /** Number of an instruction: the same for each translation of it, another one where code was rewritten. */
  numberOf(instruction: Instruction): number;
  /** Address of each; replaced when it grows, which happens at translations alone. */
  readonly pcs: Uint32Array;
  /** Misses of each, by kind; replaced like {@link Sites.pcs}. */
  readonly misses: Readonly<Record<MissKind, Float64Array>>;
  /** Those that missed, the worst first; of equal ones the lowest address. */
  missing(kind: MissKind, limit: number | undefined): readonly MissingInstruction[];
}

/** Makes an empty list. */
export function createSites(): Sites {
  const instructions: Instruction[] = [];
  /** Numbers of the instructions that were ever at an address. */
  const numbers = new Map<number, number[]>();
  let pcs = new Uint32Array(1024);
  const misses: Record<MissKind, Float64Array> = {
    data: new Float64Array(1024),
    fetch: new Float64Array(1024),
    l2: new Float64Array(1024),
  };

  function grow(): void {
    const longer = 2 * pcs.length;
    pcs = copied(new Uint32Array(longer), pcs);
    for (const kind of KINDS) misses[kind] = copied(new Float64Array(longer), misses[kind]);
  }

  return {
    get pcs() {
      return pcs;
    },
    misses,
    numberOf(instruction) {
      const { pc, data } = instruction;
      const here = numbers.get(pc) ?? [];
      const known = here.find((number) => instructions[number]?.data === data);
      if (known !== undefined) return known;
      const number = instructions.push(instruction) - 1;
      numbers.set(pc, [...here, number]);
      if (number === pcs.length) grow();
      pcs[number] = pc;
      return number;
    },
    missing(kind, limit) {
      return instructions
        .map(({ pc, symbol, text }, number) => ({ pc, symbol, text, misses: misses[kind][number] ?? 0 }))
        .filter((instruction) => instruction.misses > 0)
        .sort((a, b) => b.misses - a.misses || a.pc - b.pc)
        .slice(0, limit);
    },
  };
}

function copied<A extends Uint32Array | Float64Array>(longer: A, shorter: A): A {
  longer.set(shorter);
  return longer;
}
