import type { Emitter } from "./emitter.js";
import { parseEncoding } from "./encoding.js";
import type { Flow, Instruction, MemoryAccess, OperandKind } from "./instruction.js";

/** A row of the table before it has its number. */
export type Row = Omit<Instruction, "id">;

/** What is not the same for most instructions. */
interface Facts {
  readonly flow?: Flow;
  readonly memory?: MemoryAccess;
}

/** Writes one row down: name, bit pattern (see `parseEncoding`), operands in assembler order, meaning. */
export type WriteRow = (
  name: string,
  pattern: string,
  operands: readonly OperandKind[],
  meaning: (e: Emitter) => void,
  facts?: Facts,
) => Row;

/** Gives what writes the rows of an extension. */
export function rowsOf(extension: string): WriteRow {
  return (name, pattern, operands, meaning, facts = {}) => ({
    name,
    extension,
    encoding: parseEncoding(pattern),
    operands,
    meaning,
    flow: facts.flow ?? "next",
    memory: facts.memory,
  });
}
