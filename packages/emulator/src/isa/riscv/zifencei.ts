import { type Row, rowsOf } from "./row.js";

// Unprivileged manual, "Zifencei". The fields imm, rs1 and rd are reserved, and ignored as the manual asks.

/** The instruction-fetch fence. */
export const zifencei: readonly Row[] = [
  rowsOf("Zifencei")("fence.i", "------------ ----- 001 ----- 0001111", [], (e) => e.fenceI(), {
    flow: "system",
  }),
];
