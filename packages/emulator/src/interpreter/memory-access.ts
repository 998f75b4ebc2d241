import type { AccessBytes } from "../isa/riscv/emitter.js";
import { EXIT_VALUE, GUEST_END, PAGE_SHIFT, PERMISSIONS, Permission } from "../memory/layout.js";
import type { Body, Variable } from "../wasm/body.js";
import { type I32, i32, i64 } from "../wasm/expr.js";
import { type Func, func, importFunc } from "../wasm/func.js";

/** What an access needs; reading and writing for an atomic. */
export const Need = { READ: 1, WRITE: 2, READ_WRITE: 3 } as const;

/** Host function: the guest is about to store into a page that WRITE is withheld from, or to access one that is held. */
const codeWrite: Func<readonly ["i32", "i32"], undefined> = importFunc(
  "env",
  "codeWrite",
  ["i32", "i32"],
  undefined,
);

const WRITABLE = Permission.WRITE | Permission.WRITE_CODE;

/** Whether one page allows what is needed. */
const pageAllows = func("pageAllows", ["i32", "i32"], "i32", (b, [page, need]) => {
  const permission = b.let(i32.load8_u(page, PERMISSIONS));
  const readable = i32.or(i32.and(permission, Permission.READ), i32.eqz(i32.and(need, Need.READ)));
  const writable = i32.or(i32.and(permission, WRITABLE), i32.eqz(i32.and(need, Need.WRITE)));
  b.return(i32.and(i32.ne(readable, 0), i32.ne(writable, 0)));
});

/**
 * The access check in full: any alignment, across pages, into pages with predecoded code.
 * 0 if it must fault; the first byte that faults is then in `EXIT_VALUE`.
 */
const accessible: Func<readonly ["i64", "i32", "i32"], "i32"> = func(
  "accessible",
  ["i64", "i32", "i32"],
  "i32",
  (b, [address, bytes, need]) => {
    const last = b.let(i64.add(address, i64.extend_i32_u(i32.sub(bytes, 1))));
    b.store(0, address, EXIT_VALUE);
    b.if(i64.ge_u(address, GUEST_END), () => b.return(i32.const(0)));
    const first = b.let(i32.wrap_i64(i64.shr_u(address, PAGE_SHIFT)));
    const second = b.let(i32.wrap_i64(i64.shr_u(last, PAGE_SHIFT)));
    const either = i32.or(i32.load8_u(first, PERMISSIONS), i32.load8_u(second, PERMISSIONS));
    b.if(i32.and(either, Permission.HELD), () => b.do(codeWrite, i32.wrap_i64(address), bytes));
    b.if(i32.eqz(b.call(pageAllows, first, need)), () => b.return(i32.const(0)));
    b.if(i32.ne(first, second), () => {
      b.store(0, i64.shl(i64.extend_i32_u(second), PAGE_SHIFT), EXIT_VALUE);
      b.if(i64.ge_u(last, GUEST_END), () => b.return(i32.const(0)));
      b.if(i32.eqz(b.call(pageAllows, second, need)), () => b.return(i32.const(0)));
    });
    b.if(i32.and(need, Need.WRITE), () => {
      b.if(i32.and(either, Permission.WRITE_CODE), () => b.do(codeWrite, i32.wrap_i64(address), bytes));
    });
    b.return(i32.const(1));
  },
);

const LOG2: Readonly<Record<AccessBytes, number>> = { 1: 0, 2: 1, 4: 2, 8: 3 };

/**
 * Whether an address is no multiple of `bytes`, or outside of the guest, in one comparison: rotating it right by
 * log2(bytes) moves the bits that must be 0 to the top.
 */
function oddOrOutside(address: Variable<"i64">, bytes: AccessBytes): I32 {
  const shift = LOG2[bytes];
  const rotated = shift === 0 ? address : i64.rotr(address, shift);
  return i64.ge_u(rotated, GUEST_END / bytes);
}

/**
 * Writes down the check of an access: `refused` happens if it must fault.
 *
 * One comparison sees to alignment and range: rotating the address right by log2(bytes) moves the bits that
 * must be 0 to the top. What it finds odd is decided by the full check.
 */
export function checkAccess(
  b: Body,
  address: Variable<"i64">,
  bytes: AccessBytes,
  need: (typeof Need)[keyof typeof Need],
  refused: () => void,
): void {
  const odd = oddOrOutside(address, bytes);
  const permission = i32.load8_u(
    i32.wrap_i64(i64.shr_u(i64.and(address, 0xffff_ffffn), PAGE_SHIFT)),
    PERMISSIONS,
  );
  const denied: I32 =
    need === Need.READ_WRITE
      ? i32.ne(i32.and(permission, need), need)
      : i32.eqz(i32.and(permission, need === Need.READ ? Permission.READ : Permission.WRITE));
  b.if(i32.or(odd, denied), () => {
    b.if(i32.eqz(b.call(accessible, address, bytes, need)), refused);
  });
}
