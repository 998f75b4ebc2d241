/** Bytes of an access. */
export type AccessWidth = 1 | 2 | 4 | 8;

/** An instruction of a block in a trace. */
export interface TracedInstruction {
  readonly pc: number;
  /** Bytes. */
  readonly size: 2 | 4;
  /** The instruction's bits, zero-extended. */
  readonly data: number;
}

/** An access that an instruction makes, as a place where events happen. */
export interface TracedSite {
  readonly kind: "access";
  /** Its number in the trace. */
  readonly place: number;
  readonly block: TracedBlock;
  readonly instruction: TracedInstruction;
  /** Address of the instruction. */
  readonly pc: number;
  readonly bytes: AccessWidth;
  readonly isStore: boolean;
}

/** A block, as a place where events happen: that it is entered. */
export interface TracedBlock {
  readonly kind: "block";
  /** Its number in the trace. Its sites have the numbers behind it. */
  readonly place: number;
  /** Address of its first instruction. */
  readonly pc: number;
  /** Function that holds it, if the symbol table told. */
  readonly symbol: string | undefined;
  readonly instructions: readonly TracedInstruction[];
  /** Its accesses, in the order in which they are made. */
  readonly sites: readonly TracedSite[];
}

/** Where an event happens. */
export type Place = TracedBlock | TracedSite;

/** What there is to know of an instruction, to write a trace. */
export interface InstructionFacts extends TracedInstruction {
  readonly accessBytes: number | undefined;
  readonly isLoad: boolean;
  readonly isStore: boolean;
}

/** What there is to know of a block, to write a trace. */
export interface BlockFacts {
  readonly pc: number;
  readonly symbol: string | undefined;
  readonly instructions: readonly InstructionFacts[];
}

/** How many accesses the instruction makes: an atomic one makes two. */
export function accessesOf({ isLoad, isStore, accessBytes }: InstructionFacts): number {
  return accessBytes === undefined ? 0 : Number(isLoad) + Number(isStore);
}
