/**
 * Runs everything once, then everything once more, and so on: a slow moment of the host meets all alike.
 * @returns for each, its figures
 */
export function inTurns<Name extends string>(
  runs: number,
  measures: ReadonlyMap<Name, () => number>,
): ReadonlyMap<Name, readonly number[]> {
  const taken = new Map<Name, number[]>([...measures.keys()].map((name) => [name, []]));
  for (let i = 0; i < runs; i++) {
    for (const [name, measure] of measures) taken.get(name)?.push(measure());
  }
  return taken;
}
