import type { Emitter } from "./emitter.js";
import { type Encoding, parseEncoding } from "./encoding.js";
import type { Extension } from "./extensions.js";
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

/** Gives what writes the rows of an extension. A pattern is parsed when it is first asked for: few programs need all of them. */
export function rowsOf(extension: Extension): WriteRow {
  return (name, pattern, operands, meaning, facts = {}) => {
    let encoding: Encoding | undefined;
    return {
      name,
      extension,
      get encoding() {
        encoding ??= parseEncoding(pattern);
        return encoding;
      },
      operands,
      meaning,
      flow: facts.flow ?? "next",
      memory: facts.memory,
    };
  };
}
