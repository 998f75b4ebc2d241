import { i64 } from "../../wasm/expr.js";
import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "Zicond: Extension for Integer Conditional Operations".

const row = rowsOf("Zicond");

/** The value of rs1, or zero where that of rs2 is (not) zero. */
export const zicond: readonly Row[] = [
  row("czero.eqz", "0000111 rs2 rs1 101 rd 0110011", ["rd", "rs1", "rs2"], (e) =>
    e.setRd(i64.select(i64.eqz(e.rs2), 0, e.rs1)),
  ),
  row("czero.nez", "0000111 rs2 rs1 111 rd 0110011", ["rd", "rs1", "rs2"], (e) =>
    e.setRd(i64.select(i64.eqz(e.rs2), e.rs1, 0)),
  ),
];
