import { Exception } from "./emitter.js";
import type { OperandKind } from "./instruction.js";
import { type Row, rowsOf } from "./row.js";

// Privileged manual; `uret` and `hret` are of earlier versions of it.

const row = rowsOf("privileged");

function onlyPrivileged(name: string, pattern: string, operands: readonly OperandKind[] = []): Row {
  return row(name, pattern, operands, (e) => e.raise(Exception.ILLEGAL_INSTRUCTION), { flow: "system" });
}

/** What has a name, but is illegal in user mode. */
export const privileged: readonly Row[] = [
  onlyPrivileged("uret", "0000000 00010 00000 000 00000 1110011"),
  onlyPrivileged("sret", "0001000 00010 00000 000 00000 1110011"),
  onlyPrivileged("hret", "0010000 00010 00000 000 00000 1110011"),
  onlyPrivileged("mret", "0011000 00010 00000 000 00000 1110011"),
  onlyPrivileged("dret", "0111101 10010 00000 000 00000 1110011"),
  onlyPrivileged("wfi", "0001000 00101 00000 000 00000 1110011"),
  onlyPrivileged("sfence.vma", "0001001 rs2 rs1 000 00000 1110011", ["rs1", "rs2"]),
];
