import { f32, f64, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import { nearestAndInexact } from "./flags.js";
import { binary32, binary64 } from "./format.js";
import { isNaNBits, raiseIfSignaling, returnNaN } from "./nan.js";
import { returnIfNormal } from "./native.js";
import { returnRounded } from "./round-and-pack.js";
import { roundAndPackSingle } from "./single.js";
import { unpack } from "./unpack.js";

/** Single to double; exact (IEEE 754-2019, 5.4.2, convertFormat). */
export const toDouble: Func<readonly ["i32"], "i64"> = func("toDouble", ["i32"], "i64", (b, [bits]) => {
  const x = b.let(f32.reinterpret_i32(bits));
  b.if(f32.ne(x, x), () => {
    raiseIfSignaling(b, binary32, binary32.widen(bits));
    returnNaN(b, binary64);
  });
  b.return(i64.reinterpret_f64(f64.promote_f32(x)));
});

/** Double to single, in a rounding mode. */
export const toSingle: Func<readonly ["i64", "i32"], "i32"> = func(
  "toSingle",
  ["i64", "i32"],
  "i32",
  (b, [bits, rm]) => {
    const x = b.let(f64.reinterpret_i64(bits));
    const nearest = b.let(f32.demote_f64(x));
    // A number that comes back is exact: infinities, zeros and subnormal numbers included.
    b.if(f64.eq(f64.promote_f32(nearest), x), () => b.return(i32.reinterpret_f32(nearest)));
    b.if(nearestAndInexact(rm), () => returnIfNormal(b, binary32, nearest));
    b.if(isNaNBits(binary64, bits), () => {
      raiseIfSignaling(b, binary64, bits);
      returnNaN(b, binary32);
    });
    const { sign, exponent, significand } = unpack(b, binary64, bits);
    b.set(exponent, i32.sub(exponent, binary64.bias - binary32.bias));
    returnRounded(b, binary32, roundAndPackSingle, sign, exponent, significand, rm);
  },
);
