import { type I64, i64 } from "../../wasm/expr.js";
import { type Emitter, Exception } from "./emitter.js";
import type { OperandKind } from "./instruction.js";
import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "Zicsr": reads and writes happen as one; where the rs1 field is 0, csrrs and csrrc and
// their immediate forms do not write at all, so that read-only registers can be read.

const row = rowsOf("Zicsr");

function access(
  name: string,
  funct3: string,
  source: OperandKind,
  newValue: (old: I64, e: Emitter) => I64,
  always: boolean,
): Row {
  const field = source === "uimm5" ? "zimm" : "rs1";
  return row(
    name,
    `csr ${field} ${funct3} rd 1110011`,
    ["rd", "csr", source],
    (e) => {
      const old = e.csrRead();
      const write = (): void => e.csrWrite(newValue(old, e));
      if (always) write();
      else e.if(e.rs1Field, write);
      e.setRd(old);
    },
    { flow: "system" },
  );
}

const immediate = (e: Emitter): I64 => i64.extend_i32_u(e.rs1Field);
const without = (old: I64, bits: I64): I64 => i64.and(old, i64.xor(bits, -1));

/** Access to control and status registers. `unimp` is how assemblers write an instruction that is never legal. */
export const zicsr: readonly Row[] = [
  row(
    "unimp",
    "110000000000 00000 001 00000 1110011",
    [],
    // A write to the read-only register `cycle`.
    (e) => e.raise(Exception.ILLEGAL_INSTRUCTION),
    { flow: "system" },
  ),
  access("csrrw", "001", "rs1", (_old, e) => e.rs1, true),
  access("csrrs", "010", "rs1", (old, e) => i64.or(old, e.rs1), false),
  access("csrrc", "011", "rs1", (old, e) => without(old, e.rs1), false),
  access("csrrwi", "101", "uimm5", (_old, e) => immediate(e), true),
  access("csrrsi", "110", "uimm5", (old, e) => i64.or(old, immediate(e)), false),
  access("csrrci", "111", "uimm5", (old, e) => without(old, immediate(e)), false),
];
