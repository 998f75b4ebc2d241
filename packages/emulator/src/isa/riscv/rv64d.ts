import { toDouble, toSingle } from "../../softfloat/convert.js";
import { double } from "../../softfloat/double.js";
import { i64 } from "../../wasm/expr.js";
import { boxSingle, type Format, floatRows, unboxSingle } from "./float.js";
import { type Row, rowsOf } from "./row.js";

const row = rowsOf("D");

const format: Format<"i64"> = {
  extension: "D",
  suffix: "d",
  fmt: "01",
  bytes: 8,
  width: "011",
  ops: i64,
  sign: 0x8000000000000000n,
  arithmetic: double,
  unbox: (_e, register) => register,
  box: (value) => value,
};

/** Double-precision floating point. */
export const rv64d: readonly Row[] = [
  ...floatRows(format),
  row("fmv.x.d", "11100 01 00000 rs1 000 rd 1010011", ["rd", "fs1"], (e) => e.setRd(e.fs1)),
  row("fmv.d.x", "11110 01 00000 rs1 000 rd 1010011", ["fd", "rs1"], (e) => e.setFd(e.rs1)),
  row("fcvt.s.d", "01000 00 00001 rs1 rm rd 1010011", ["fd", "fs1", "rm"], (e) => {
    const mode = e.roundingMode();
    e.setFd(boxSingle(e.call(toSingle, e.fs1, mode)));
  }),
  row("fcvt.d.s", "01000 01 00000 rs1 rm rd 1010011", ["fd", "fs1", "rmUnlessZero"], (e) => {
    // Exact in every mode, but an invalid mode is illegal all the same.
    e.roundingMode();
    e.setFd(e.call(toDouble, unboxSingle(e, e.fs1)));
  }),
];
