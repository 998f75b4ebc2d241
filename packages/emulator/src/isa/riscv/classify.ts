import type { Decoded } from "./instruction.js";

// Unprivileged manual, "Unconditional Jumps", table of the return-address stack hints: x1 (ra) and x5 (t0) are
// link registers. A jump that links through one of them to the other swaps coroutines: it is a call here.

const isLink = (register: number): boolean => register === 1 || register === 5;

/** A conditional branch. */
export function isBranch({ instruction }: Decoded): boolean {
  return instruction.flow === "branch";
}

/** Any unconditional jump, calls and returns included. */
export function isJump({ instruction }: Decoded): boolean {
  return instruction.flow === "jump" || instruction.flow === "jump-indirect";
}

/** A jump that leaves a return address in a link register. */
export function isCall(decoded: Decoded): boolean {
  return isJump(decoded) && isLink(decoded.rd);
}

/** A jump to where a link register points that leaves no return address in one. */
export function isReturn(decoded: Decoded): boolean {
  return decoded.instruction.flow === "jump-indirect" && isLink(decoded.rs1) && !isLink(decoded.rd);
}
