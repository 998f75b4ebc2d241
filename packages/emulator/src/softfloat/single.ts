import { type Arithmetic, arithmetic } from "./arithmetic.js";
import { offerFmaSingle } from "./fma-native.js";
import { binary32 } from "./format.js";
import { type RoundAndPack, roundAndPackFunc } from "./round-and-pack.js";

/** Rounds and packs a single. */
export const roundAndPackSingle: RoundAndPack<"i32"> = roundAndPackFunc(binary32);

/** The arithmetic of singles (binary32), over i32 bits: `b.call(single.add, x, y, rm)`. */
export const single: Arithmetic<"i32"> = arithmetic(binary32, roundAndPackSingle, offerFmaSingle);
