import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import { accessSites, blockFacts } from "../instrument/facts.js";
import { assembleLine } from "./assemble.js";

/** A function of a made-up program. */
export interface FakeSymbol {
  readonly name: string;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
}

/** Code that is made up. */
export interface FakeProgram {
  readonly symbols: readonly FakeSymbol[];
  /** In the order of their addresses. */
  readonly blocks: readonly Block[];
}

const sites = new WeakMap<Instruction, ReturnType<typeof accessSites>>();

/**
 * A block of instructions that follow each other, with all that the machine tells of such a block: the text is assembled,
 * and what comes out is what the real machine would make of the same bytes.
 *
 * @param pc address of the first instruction
 * @param lines instructions as `objdump -d -M no-aliases` writes them
 * @param symbol the function that they belong to
 * @throws SyntaxError for a line that is no such instruction
 *
 * @example
 * ```ts
 * const loop = block(0x1_0000, ["lw a0,0(s0)", "addi s0,s0,4", "bne a0,zero,0x10000"], "scan");
 * ```
 */
export function block(pc: number, lines: readonly [string, ...string[]], symbol?: string): Block {
  let at = pc;
  const code = lines.map((line) => {
    const assembled = assembleLine(line, at);
    at += assembled.length;
    return assembled;
  });
  const made = blockFacts(code, () => symbol);
  made.instructions.forEach((instruction, i) => {
    const from = code[i];
    if (from) sites.set(instruction, accessSites(instruction, from));
  });
  return made;
}

/**
 * A single instruction, as the first and only one of a block; see {@link block}.
 *
 * @throws SyntaxError for a text that is no instruction
 */
export function instruction(pc: number, line: string, symbol?: string): Instruction {
  const [only] = block(pc, [line], symbol).instructions;
  if (only === undefined) throw new SyntaxError(`"${line}" is no instruction`);
  return only;
}

/**
 * The access of an instruction that {@link block} made: its load, or its store. An atomic has both.
 *
 * @throws TypeError if the instruction makes no such access
 */
export function accessSite(of: Instruction, isStore: boolean): AccessSite {
  const { load, store } = sites.get(of) ?? {};
  const site = isStore ? store : load;
  if (site === undefined) throw new TypeError(`"${of.text}" makes no ${isStore ? "store" : "load"}`);
  return site;
}
