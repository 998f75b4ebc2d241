import { accessible, Need } from "../interpreter/memory-access.js";
import type { AccessBytes } from "../isa/riscv/emitter.js";
import { GUEST_END, PAGE_SHIFT, PERMISSIONS, Permission } from "../memory/layout.js";
import type { Body, Variable } from "../wasm/body.js";
import { type I32, i32, i64 } from "../wasm/expr.js";

const LOG2: Readonly<Record<AccessBytes, number>> = { 1: 0, 2: 1, 4: 2, 8: 3 };

/**
 * Writes down the check of an access, as two branches so that each is one comparison: what is aligned and in the guest, in
 * a page that allows it, goes on. For all else `decide` says what happens, given the full check's answer; 0 is no.
 */
export function checkPage(
  b: Body,
  address: Variable<"i64">,
  bytes: AccessBytes,
  need: (typeof Need)[keyof typeof Need],
  decide: (allowed: I32) => void,
): void {
  const shift = LOG2[bytes];
  // The bits that must be 0 for an aligned address move to the top.
  const rotated = shift === 0 ? address : i64.rotr(address, shift);
  const page = i32.shr_u(i32.wrap_i64(address), PAGE_SHIFT);
  const permission = i32.load8_u(page, PERMISSIONS);
  b.block((granted) => {
    b.block((odd) => {
      b.brIf(odd, i64.ge_u(rotated, GUEST_END / bytes));
      if (need === Need.READ_WRITE) b.brIf(granted, i32.eq(i32.and(permission, need), need));
      else b.brIf(granted, i32.and(permission, need === Need.READ ? Permission.READ : Permission.WRITE));
    });
    decide(b.call(accessible, address, bytes, need));
  });
}
