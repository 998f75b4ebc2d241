import { table } from "../text.js";
import type { InstructionClass } from "./classes.js";
import type { ClassCount } from "./contract.js";
import type { HowCounted } from "./how-counted.js";

/** An instruction that is counted by itself: by its bits, wherever it stands. */
export interface Individual {
  readonly class: InstructionClass;
  readonly opcode: number;
  /** Disassembly, at the address where it was first translated. */
  readonly text: string;
}

/** The tables for people: classes, and the instructions that are counted one by one. */
export function howvecText(
  classes: readonly (ClassCount & { readonly how: HowCounted })[],
  instructions: readonly (Individual & { readonly count: number })[],
): string {
  const classRows = classes.map(({ title, name, count, how }) => [title, name, hits(how, count)]);
  const tables = [table(["class", "name", "hits"], classRows)];
  if (instructions.length > 0) {
    const rows = instructions.map(({ text, count, opcode, class: { name } }) => [
      text,
      count,
      opcodeText(opcode),
      name,
    ]);
    tables.push(table(["instruction", "hits", "opcode", "class"], rows));
  }
  return tables.join("\n\n");
}

function hits(how: HowCounted, count: number): string | number {
  switch (how) {
    case "class":
      return count;
    case "individually":
      return "counted individually";
    case "not":
      return "not counted";
  }
}

/** The bits of an instruction as QEMU's plugin prints them. */
export function opcodeText(opcode: number): string {
  return `0x${opcode.toString(16).padStart(8, "0")}`;
}
