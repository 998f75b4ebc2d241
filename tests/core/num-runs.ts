/**
 * How often a property is tried: `usual` times, or `QPP_PROPERTY_RUNS` times where that is less, as for `npm run mutation`, which
 * runs it again for each mutant.
 */
export function numRuns(usual: number): number {
  return Math.min(usual, Number(process.env.QPP_PROPERTY_RUNS ?? usual));
}
