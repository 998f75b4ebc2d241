import { type I32, i32, i64 } from "../wasm/expr.js";
import { type Func, func } from "../wasm/func.js";
import type { BitsType, FloatType, Format } from "./format.js";
import { isNaNBits, isSignaling } from "./nan.js";
import { magnitudeOf, signOf } from "./unpack.js";

/** Bits of the class mask that do not depend on the sign (RISC-V unprivileged manual, "F", format of result of FCLASS). */
const SIGNALING = 1 << 8;
const QUIET = 1 << 9;

/** Makes FCLASS: a mask with one bit set (IEEE 754-2019, 5.7.2, class). */
export function classification<T extends BitsType, F extends FloatType>(
  format: Format<T, F>,
): Func<readonly [T], "i32"> {
  const { infinity, minNormal } = format;
  return func(`${format.name}.classify`, [format.type], "i32", (b, [bits]) => {
    const x = b.let(format.widen(bits));
    b.if(isNaNBits(format, x), () => b.return(i32.select(isSignaling(format, x), SIGNALING, QUIET)));
    const magnitude = b.let(magnitudeOf(format, x));
    const classOf = (zero: number, subnormal: number, normal: number, infinite: number): I32 =>
      i32.select(
        i64.lt_u(magnitude, minNormal),
        i32.select(i64.eqz(magnitude), zero, subnormal),
        i32.select(i64.eq(magnitude, infinity), infinite, normal),
      );
    b.return(
      i32.select(
        signOf(format, x),
        classOf(1 << 3, 1 << 2, 1 << 1, 1),
        classOf(1 << 4, 1 << 5, 1 << 6, 1 << 7),
      ),
    );
  });
}
