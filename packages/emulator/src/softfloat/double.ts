import { type Arithmetic, arithmetic } from "./arithmetic.js";
import { offerFmaDouble } from "./fma-native.js";
import { binary64 } from "./format.js";
import { type RoundAndPack, roundAndPackFunc } from "./round-and-pack.js";

/** Rounds and packs a double. */
const roundAndPack: RoundAndPack<"i64"> = roundAndPackFunc(binary64);

/** The arithmetic of doubles (binary64), over i64 bits: `b.call(double.add, x, y, rm)`. */
export const double: Arithmetic<"i64"> = arithmetic(binary64, roundAndPack, offerFmaDouble);
