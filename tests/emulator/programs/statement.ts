import type { Instruction } from "../../../packages/emulator/src/isa/riscv/instruction.js";
import type { AnyRow, Atom } from "../../conformance/program/assembler.js";
import type { Operands } from "../../conformance/program/atoms.js";

/** A comparison of two registers, or, compressed, of one with zero. */
export interface Test {
  readonly row: AnyRow;
  readonly rs1: number;
  readonly rs2: number;
}

/**
 * How a loop counts. `"register"`: tests behind the body. `"top"`: tests before it. `"middle"`: tests between its
 * halves. `"memory"`: its counter is in memory. `"computed"`: a register's low bits say how often.
 */
export type LoopForm = "register" | "top" | "middle" | "memory" | "computed";

/**
 * How a function is called. `"near"`: jal. `"far"`: auipc and jalr. `"register"`: through a register, compressed if it
 * may be. `"same"`: through the register that takes the return address. `"table"`: through a table of functions.
 * `"cell"`: through an address in memory that the program sets.
 */
export type CallForm = "near" | "far" | "register" | "same" | "table" | "cell";

/**
 * How a function returns. `"other"`: through a register that is no link register. `"offset"`: by an immediate.
 * `"skip"`: some instructions behind the call, as the program's data say.
 */
export type ReturnForm = "short" | "full" | "other" | "offset" | "skip";

/** System calls that a program makes. Those of the second line answer as each machine likes. */
export type Call =
  | "write"
  | "write-fault"
  | "protect"
  | "protect-code"
  | "remap"
  | "brk"
  | "yield"
  | "getpid"
  | "clock"
  | "random";

/** Something that a program does. Whatever is drawn, it comes to an end. */
export type Statement =
  | { readonly kind: "straight"; readonly atoms: readonly Atom[] }
  | {
      readonly kind: "if";
      readonly test: Test;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[];
    }
  | {
      readonly kind: "loop";
      readonly form: LoopForm;
      readonly times: number;
      readonly register: number;
      readonly body: readonly Statement[];
    }
  /** Leaves the loop around it, or goes on with its next round. */
  | { readonly kind: "break" | "continue"; readonly test: Test }
  /** Jumps to another statement of its function, be it in the middle of a loop. */
  | { readonly kind: "goto"; readonly test: Test | undefined; readonly to: number }
  | {
      readonly kind: "call";
      readonly form: CallForm;
      readonly function: number;
      readonly via: number;
      readonly pad: number;
    }
  /** Returns early, or by calling another function in place of a return. */
  | { readonly kind: "return" }
  | { readonly kind: "tail"; readonly function: number; readonly via: number | undefined }
  /** Chooses one of four, by a table of addresses or of jumps. */
  | {
      readonly kind: "switch";
      readonly form: "addresses" | "jumps";
      readonly register: number;
      readonly via: number;
      readonly cases: readonly (readonly Statement[])[];
    }
  /** Keeps this place and its stack in a cell; jumps to what a cell keeps. */
  | { readonly kind: "mark" | "leap"; readonly cell: number; readonly via: number }
  /** Has a cell hold another function's address. */
  | { readonly kind: "assign"; readonly cell: number; readonly function: number; readonly via: number }
  /** An access whose address depends on data, anywhere in a page, in line or not. */
  | { readonly kind: "wide"; readonly row: Instruction; readonly operands: Operands }
  | {
      readonly kind: "stack";
      readonly short: boolean;
      readonly store: boolean;
      readonly float: boolean;
      readonly register: number;
      readonly slot: number;
    }
  /** An access to the page whose protection changes. */
  | { readonly kind: "lab"; readonly row: Instruction; readonly operands: Operands; readonly offset: number }
  | { readonly kind: "counter"; readonly row: Instruction; readonly csr: number; readonly register: number }
  | { readonly kind: "system"; readonly call: Call; readonly argument: number }
  /** Four bytes of code that the program rewrites: an instruction, or a jump to another statement. */
  | { readonly kind: "slot"; readonly first: Patch }
  | {
      readonly kind: "patch";
      readonly slot: number;
      readonly to: Patch;
      readonly via: number;
      readonly fence: boolean;
    }
  /** Data amid the code, stored to and loaded. */
  | { readonly kind: "island"; readonly register: number; readonly via: number }
  /** Copies code to a page, and calls it there. */
  | {
      readonly kind: "make";
      readonly atoms: readonly Atom[];
      readonly offset: number;
      readonly via: number;
      readonly fence: boolean;
    }
  | { readonly kind: "fault"; readonly atom: Atom }
  /** Writes all registers to standard output. */
  | { readonly kind: "dump" };

/** What stands in a slot. */
export type Patch =
  | { readonly kind: "instruction"; readonly row: Instruction; readonly operands: Operands }
  | { readonly kind: "jump"; readonly to: number };

/** A function. One that is a leaf does not keep its return address on the stack, and calls nothing. */
export interface Routine {
  readonly link: 1 | 5;
  readonly leaf: boolean;
  readonly return: ReturnForm;
  readonly body: readonly Statement[];
}

/** A whole program. Execution begins with the first function. */
export interface Program {
  /** Registers and arena are drawn from this. */
  readonly seed: number;
  readonly fcsr: number;
  /** Rounds of loops, gotos and calls that it may spend. */
  readonly fuel: number;
  /** How often the first function is called. */
  readonly rounds: number;
  /** Which registers have which role: raw numbers that are brought into line. */
  readonly roles: readonly number[];
  readonly functions: readonly Routine[];
}
