import { single } from "../../softfloat/single.js";
import { i32, i64 } from "../../wasm/expr.js";
import { boxSingle, type Format, floatRows, unboxSingle } from "./float.js";
import { type Row, rowsOf } from "./row.js";

const row = rowsOf("F");

const format: Format<"i32"> = {
  extension: "F",
  suffix: "s",
  fmt: "00",
  bytes: 4,
  width: "010",
  ops: i32,
  sign: 0x80000000n,
  arithmetic: single,
  unbox: unboxSingle,
  box: boxSingle,
};

/** Single-precision floating point. Moves take the bits as they are, NaN-boxed or not. */
export const rv64f: readonly Row[] = [
  ...floatRows(format),
  row("fmv.x.w", "11100 00 00000 rs1 000 rd 1010011", ["rd", "fs1"], (e) => e.setRd(i64.extend32_s(e.fs1))),
  row("fmv.w.x", "11110 00 00000 rs1 000 rd 1010011", ["fd", "rs1"], (e) =>
    e.setFd(boxSingle(i32.wrap_i64(e.rs1))),
  ),
];
