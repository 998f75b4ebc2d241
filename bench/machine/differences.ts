import type { Difference } from "./results.js";

type Figure = number | string;

/** The figures of a JSON value, by the path that leads to each. */
function* figures(value: unknown, path: string): Generator<[path: string, figure: Figure]> {
  if (typeof value === "number" || typeof value === "string") yield [path, value];
  else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) yield* figures(part, path ? `${path}.${key}` : key);
  }
}

/** How far apart both sides are, in proportion; 0 for what is no number, such as a sum by which traces are compared. */
function distance({ qpp, qemu }: Difference): number {
  if (typeof qpp === "string" || typeof qemu === "string") return 0;
  return Math.abs(qpp - qemu) / Math.max(Math.abs(qemu), 1);
}

/**
 * What is not the same on both sides; the largest difference, in proportion, first. QPP may tell more than QEMU.
 * @throws Error if it does not tell something that QEMU tells
 */
export function differences(qpp: unknown, qemu: unknown): readonly Difference[] {
  const ours = new Map(figures(qpp, ""));
  return [...figures(qemu, "")]
    .map(([figure, theirs]) => {
      const own = ours.get(figure);
      if (own === undefined) throw new Error(`the plugin of QEMU tells ${figure}, that of QPP does not`);
      return { figure, qpp: own, qemu: theirs };
    })
    .filter((difference) => difference.qpp !== difference.qemu)
    .sort((a, b) => distance(b) - distance(a));
}
