import { type I64, i64 } from "../../wasm/expr.js";
import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "Zbs: Extension for Single-Bit Instructions". Shifts and rotations take the low six bits of the
// position, as these instructions do.

const row = rowsOf("Zbs");

/** An instruction that does something to the bit at a position, which is in a register or an immediate. */
function onBit(
  name: string,
  funct6: string,
  funct3: string,
  compute: (x: I64, at: I64) => I64,
): readonly Row[] {
  return [
    row(name, `${funct6}0 rs2 rs1 ${funct3} rd 0110011`, ["rd", "rs1", "rs2"], (e) =>
      e.setRd(compute(e.rs1, e.rs2)),
    ),
    row(`${name}i`, `${funct6} uimm[5:0] rs1 ${funct3} rd 0010011`, ["rd", "rs1", "shamt6"], (e) =>
      e.setRd(compute(e.rs1, e.imm)),
    ),
  ];
}

const bit = (at: I64): I64 => i64.shl(1, at);
const allBut = (at: I64): I64 => i64.rotl(-2, at);

/** Clearing, extracting, inverting and setting one bit. */
export const zbs: readonly Row[] = [
  ...onBit("bclr", "010010", "001", (x, at) => i64.and(x, allBut(at))),
  ...onBit("bext", "010010", "101", (x, at) => i64.and(i64.shr_u(x, at), 1)),
  ...onBit("binv", "011010", "001", (x, at) => i64.xor(x, bit(at))),
  ...onBit("bset", "001010", "001", (x, at) => i64.or(x, bit(at))),
];
