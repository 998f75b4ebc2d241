import type { Block, Instruction } from "@qpp/emulator/contract";

/** What is known of an instruction, over all its translations. */
export interface FlowInstruction {
  readonly pc: number;
  readonly symbol: string | undefined;
  readonly text: string;
  lastTranslations: number;
  midTranslations: number;
}

/** A run through a block, up to an instruction of it. */
export interface Passage {
  /** Address of the block. */
  readonly start: number;
  /** Address of the instruction that was executed last. */
  readonly last: number;
  /** Address of the block's last instruction. */
  readonly end: number;
  /** Address behind the block. */
  readonly behind: number;
}

/** The code that was translated. */
export interface Code {
  /** A block is translated; gives the number of the passage through all of it. */
  add(block: Block): number;
  /**
   * Number of the passage that ends with the instruction at this address, which faults: the same each time. For an address outside
   * of the passage, such as one from which nothing can be fetched, the passage itself.
   */
  upTo(passage: number, pc: number): number;
  /** By number. */
  readonly passages: readonly Passage[];
  /** By address. */
  readonly instructions: ReadonlyMap<number, FlowInstruction>;
}

/** Begins with no code. */
export function createCode(): Code {
  const instructions = new Map<number, FlowInstruction>();
  const passages: Passage[] = [];
  const numbers = new Map<string, number>();

  function note({ pc, symbol, text }: Instruction, isLast: boolean): void {
    let known = instructions.get(pc);
    if (known === undefined) {
      known = { pc, symbol, text, lastTranslations: 0, midTranslations: 0 };
      instructions.set(pc, known);
    }
    if (isLast) known.lastTranslations++;
    else known.midTranslations++;
  }

  function numberOf(passage: Passage): number {
    const key = `${passage.start} ${passage.last} ${passage.end} ${passage.behind}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, passages.length);
    return passages.push(passage) - 1;
  }

  return {
    passages,
    instructions,
    add({ pc, size, instructions: all }) {
      const end = all.at(-1)?.pc ?? pc;
      for (const instruction of all) note(instruction, instruction.pc === end);
      return numberOf({ start: pc, last: end, end, behind: pc + size });
    },
    upTo(number, pc) {
      const passage = passages[number];
      if (passage === undefined || pc < passage.start || pc >= passage.behind) return number;
      return numberOf({ ...passage, last: pc });
    },
  };
}
