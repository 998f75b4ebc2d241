import { exponent, median } from "../statistics.js";
import type { Growth } from "./results.js";

/** Nanoseconds that each instruction took that the point before did not have; undefined for the first point. */
export function growthNanoseconds({ points }: Growth): readonly (number | undefined)[] {
  return points.map((point, i) => {
    const before = points[i - 1];
    if (before === undefined) return undefined;
    return ((median(point.seconds) - median(before.seconds)) / (point.insns - before.insns)) * 1e9;
  });
}

/**
 * The power of the number of instructions that time grows by, 1 for linear. What the first point took, which is start-up above
 * all, is taken off the others, and so are its instructions; of those, the ones are left out that take less than half again.
 */
export function growthExponent({ points: [first, ...others] }: Growth): number {
  if (first === undefined) return Number.NaN;
  const start = median(first.seconds);
  const grown = others
    .map(({ insns, seconds }) => [insns - first.insns, median(seconds) - start] as const)
    .filter(([, seconds]) => seconds > start / 2);
  return grown.length < 2 ? Number.NaN : exponent(grown);
}
