/**
 * How the results of a callback's listeners become the one result of `run`:
 * - `"any"`: true if one listener said true; false without listeners
 * - `"all"`: true if no listener said false; true without listeners
 * - `"sum"`: the sum; 0 without listeners
 * - `"first"`: what the first listener returned that returned anything but undefined; undefined without listeners
 * - a function of all results, in the order of registration; it is given an empty array without listeners
 *
 * All listeners are called, whatever the first ones said. One that throws counts as one that is not there.
 */
export type Combine<R> =
  | "first"
  | ((results: readonly R[]) => R)
  | ([R] extends [boolean] ? "any" | "all" : never)
  | ([R] extends [number] ? "sum" : never);

/** A {@link Combine} in the form that dispatchers use: a fold. */
export interface Combiner {
  start(): unknown;
  step(sum: unknown, result: unknown): unknown;
  finish(sum: unknown): unknown;
}

const same = (sum: unknown): unknown => sum;

/** A {@link Combine} of results of any type. */
export type AnyCombine = "any" | "all" | "sum" | "first" | ((results: readonly never[]) => unknown);

const builtIn: Readonly<Record<Extract<AnyCombine, string>, Combiner>> = {
  any: { start: () => false, step: (sum, result) => sum === true || result === true, finish: same },
  all: { start: () => true, step: (sum, result) => sum === true && result === true, finish: same },
  sum: { start: () => 0, step: (sum, result) => Number(sum) + Number(result), finish: same },
  first: { start: () => undefined, step: (sum, result) => (sum === undefined ? result : sum), finish: same },
};

/** The fold that a declared way of combining stands for. */
export function combinerOf(combine: AnyCombine): Combiner {
  if (typeof combine === "string") return builtIn[combine];
  return {
    start: () => [],
    step: (sum, result) => {
      (sum as unknown[]).push(result);
      return sum;
    },
    finish: (sum) => combine(sum as never[]),
  };
}
