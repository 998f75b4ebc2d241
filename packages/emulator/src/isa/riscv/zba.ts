import { type I64, i32, i64 } from "../../wasm/expr.js";
import type { Emitter } from "./emitter.js";
import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "Zba: Extension for Address Generation".

const row = rowsOf("Zba");

const lowWord = (x: I64): I64 => i64.extend_i32_u(i32.wrap_i64(x));

function shiftAndAdd(by: 1 | 2 | 3, funct3: string): readonly Row[] {
  const added =
    (index: (x: I64) => I64) =>
    (e: Emitter): void =>
      e.setRd(i64.add(i64.shl(index(e.rs1), by), e.rs2));
  return [
    row(
      `sh${by}add`,
      `0010000 rs2 rs1 ${funct3} rd 0110011`,
      ["rd", "rs1", "rs2"],
      added((x) => x),
    ),
    row(`sh${by}add.uw`, `0010000 rs2 rs1 ${funct3} rd 0111011`, ["rd", "rs1", "rs2"], added(lowWord)),
  ];
}

/** Sums of a base and an index that is scaled, or an unsigned word, or both. */
export const zba: readonly Row[] = [
  row("add.uw", "0000100 rs2 rs1 000 rd 0111011", ["rd", "rs1", "rs2"], (e) =>
    e.setRd(i64.add(lowWord(e.rs1), e.rs2)),
  ),
  ...shiftAndAdd(1, "010"),
  ...shiftAndAdd(2, "100"),
  ...shiftAndAdd(3, "110"),
  row("slli.uw", "000010 uimm[5:0] rs1 001 rd 0011011", ["rd", "rs1", "shamt6"], (e) =>
    e.setRd(i64.shl(lowWord(e.rs1), e.imm)),
  ),
];
