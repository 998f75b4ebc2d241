import { contract, fn } from "@qpp/core";

/** An instruction, and how often it was executed; over all processes that execute it. */
export interface AnnotatedInstruction {
  /** Its address, in the process that translated it first. */
  readonly pc: number;
  /** Disassembly. */
  readonly text: string;
  readonly count: number;
  /** Path of its source file as the compiler had it; undefined without debug information. */
  readonly file: string | undefined;
  /** From 1; undefined where the compiler gives none. */
  readonly line: number | undefined;
}

/** A function of which something was executed. */
export interface AnnotatedFunction {
  /** Demangled; `?` for code that no symbol holds. */
  readonly name: string;
  /** Path of the program or library; undefined for code that is in none. */
  readonly object: string | undefined;
  /** Instructions executed in it. */
  readonly insns: number;
  /** Those of its instructions that were translated, by address. */
  readonly instructions: readonly AnnotatedInstruction[];
}

/** What `annotate` offers to others. */
export const annotate = contract("annotate", {
  functions: {
    /** All functions of which something was executed so far, the one with the most instructions first. */
    functions: fn<() => readonly AnnotatedFunction[]>(),
  },
});
