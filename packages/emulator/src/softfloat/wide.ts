import type { Body, Variable } from "../wasm/body.js";
import { type I32, type I64, i32, i64 } from "../wasm/expr.js";

/** A 128-bit unsigned integer in two variables. */
export interface Wide {
  readonly high: Variable<"i64">;
  readonly low: Variable<"i64">;
}

/** The low `n` bits of `x`, `n` below 64, made one bit: 1 if any of them is set. */
function sticky(x: I64, n: I32): I64 {
  const mask = i64.sub(i64.shl(1, i64.extend_i32_u(n)), 1);
  return i64.extend_i32_u(i64.ne(i64.and(x, mask), 0));
}

/** `x >> n` for any `n` of 0 or more; the result's lowest bit is also set if a set bit was shifted out. */
export function shiftRightJam(x: Variable<"i64">, n: Variable<"i32">): I64 {
  return i64.select(
    i32.gt_u(n, 63),
    i64.extend_i32_u(i64.ne(x, 0)),
    i64.or(i64.shr_u(x, i64.extend_i32_u(n)), sticky(x, n)),
  );
}

/** As {@link shiftRightJam}, on a 128-bit integer in place. */
export function shiftRightJamWide(b: Body, x: Wide, n: Variable<"i32">): void {
  const { high, low } = x;
  b.if(
    i32.lt_u(n, 64),
    () => {
      // In two steps, as shifting by 64 would not shift at all.
      const carried = i64.shl(i64.shl(high, 1), i64.extend_i32_u(i32.xor(n, 63)));
      b.set(low, i64.or(i64.or(i64.shr_u(low, i64.extend_i32_u(n)), carried), sticky(low, n)));
      b.set(high, i64.shr_u(high, i64.extend_i32_u(n)));
    },
    () => {
      const lost = i64.extend_i32_u(i64.ne(low, 0));
      const rest = b.let(i32.sub(n, 64));
      b.set(low, i64.or(shiftRightJam(high, rest), lost));
      b.set(high, 0);
    },
  );
}

/** The 128-bit product of two unsigned 64-bit integers. */
export function multiplyWide(b: Body, x: Variable<"i64">, y: Variable<"i64">): Wide {
  const lower = (v: I64): I64 => i64.and(v, 0xffff_ffff);
  const upper = (v: I64): I64 => i64.shr_u(v, 32);
  const x0 = b.let(lower(x));
  const x1 = b.let(upper(x));
  const y0 = b.let(lower(y));
  const y1 = b.let(upper(y));
  const middle = b.let(i64.add(i64.mul(x1, y0), upper(i64.mul(x0, y0))));
  const other = b.let(i64.add(i64.mul(x0, y1), lower(middle)));
  const high = b.let(i64.add(i64.add(i64.mul(x1, y1), upper(middle)), upper(other)));
  return { high, low: b.let(i64.mul(x, y)) };
}

/** `x += y`, modulo 2^128. */
export function addWide(b: Body, x: Wide, y: Wide): void {
  b.set(x.low, i64.add(x.low, y.low));
  const carry = i64.extend_i32_u(i64.lt_u(x.low, y.low));
  b.set(x.high, i64.add(i64.add(x.high, y.high), carry));
}

/** `x -= y`, modulo 2^128. */
export function subtractWide(b: Body, x: Wide, y: Wide): void {
  const borrow = b.let(i64.extend_i32_u(i64.lt_u(x.low, y.low)));
  b.set(x.low, i64.sub(x.low, y.low));
  b.set(x.high, i64.sub(i64.sub(x.high, y.high), borrow));
}

/** `x = -x`, modulo 2^128. */
export function negateWide(b: Body, x: Wide): void {
  b.set(x.low, i64.sub(0, x.low));
  b.set(x.high, i64.sub(i64.sub(0, x.high), i64.extend_i32_u(i64.ne(x.low, 0))));
}
