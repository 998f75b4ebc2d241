import * as fc from "fast-check";
import { type ProgramOptions, programs } from "../programs/arbitrary.js";
import { build } from "../programs/build.js";
import { listing } from "../programs/listing.js";
import type { Program } from "../programs/statement.js";
import { differences } from "./compare.js";
import { createConsumers, type Plan, plans } from "./consumers.js";
import { INTERPRETED, type Mode, sliced, translated } from "./mode.js";
import { MOST_INSNS, type Outcome, run } from "./run.js";

/** A program, and how it is run: once as the witness does, once otherwise. */
export interface Trial {
  readonly program: Program;
  /** Executions after which blocks are translated. */
  readonly after: number;
  /** Instructions in each slice, over and over. */
  readonly slices: readonly number[];
  /** What watches it. */
  readonly plan: Plan | undefined;
  /** Instructions after which it is stopped. */
  readonly most: number;
}

/** What a trial came to. */
export interface Tried {
  /** What differs, a line for each thing. */
  readonly lines: readonly string[];
  readonly outcome: Outcome;
}

/** What trials are about. */
export interface TrialOptions extends ProgramOptions {
  /** Consumers that come and go. */
  readonly consumers: boolean;
  /** Programs are stopped somewhere. */
  readonly stopped: boolean;
}

const slices = fc.oneof(
  { weight: 3, arbitrary: fc.constant([512]) },
  { weight: 1, arbitrary: fc.constant([1_000_000]) },
  { weight: 2, arbitrary: fc.array(fc.integer({ min: 512, max: 5000 }), { minLength: 1, maxLength: 3 }) },
);

/** A program that rewrites code has all of it translated anew, each time: it is stopped before that takes long. */
const MOST_REWRITING = 20_000;

const after = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 }), fc.constant(200));

/** Random trials: of every three programs, one may rewrite its code. */
export function trials(options: TrialOptions): fc.Arbitrary<Trial> {
  const of = (rewrites: number, limit: number): fc.Arbitrary<Trial> =>
    fc.record({
      program: programs({ rewrites, ...options }),
      after,
      slices,
      plan: options.consumers ? plans : fc.constant(undefined),
      most: options.stopped ? fc.noBias(fc.nat(60_000)) : fc.constant(limit),
    });
  return fc.oneof(
    { weight: 2, arbitrary: of(0, MOST_INSNS) },
    { weight: 1, arbitrary: of(1, MOST_REWRITING) },
  );
}

/** With moments that are slices, the witness has the same slices. */
const witnessOf = ({ plan, slices: sizes }: Trial): Mode =>
  plan?.moments === "slices" ? sliced(sizes) : INTERPRETED;

const consumersOf = ({ plan }: Trial) => (plan === undefined ? {} : { consumers: createConsumers(plan) });

/** Runs the program both ways. */
export async function attempt(trial: Trial): Promise<Tried> {
  const built = build(trial.program);
  const { most } = trial;
  const witness = witnessOf(trial);
  const mode = translated(trial.after, trial.slices);
  const outcome = await run(built, witness, { ...consumersOf(trial), most });
  const its = await run(built, mode, { ...consumersOf(trial), most });
  const stops = witness.slices.length > 0 && outcome.stops.join() !== its.stops.join();
  const lines = [...differences(outcome, its), ...(stops ? ["slices end elsewhere"] : [])];
  return { lines, outcome };
}

/** A trial that failed, as one reads it. */
function explain(trial: Trial, lines: readonly string[]): string {
  const { program, ...how } = trial;
  return [
    listing(build(program)),
    `fuel ${program.fuel}, rounds ${program.rounds}`,
    JSON.stringify(how),
    "witness and other do not agree:",
    ...lines.map((line) => `  ${line}`),
  ].join("\n");
}

/** What many trials came to. */
export interface Summary {
  readonly trials: number;
  readonly insns: number;
  /** How often each end. */
  readonly ends: ReadonlyMap<string, number>;
}

const endOf = ({ exit: { stopped, signal, code } }: Outcome): string => stopped ?? signal ?? `exit ${code}`;

/** How many trials, and from which seed. */
export interface Amount {
  readonly seed: number;
  readonly trials: number;
  /** Where in the seed's sequence of counterexamples to begin: what a failure's message told. */
  readonly path?: string | undefined;
  /** Milliseconds that a counterexample is made smaller for; a minute unless told. */
  readonly patience?: number;
  readonly progress?: (sofar: Summary) => void;
}

/**
 * Tries random programs.
 * @param judge runs one; gives what differs.
 * @throws Error on the first that differs, shrunk.
 */
export async function tryAll(
  arbitrary: fc.Arbitrary<Trial>,
  judge: (trial: Trial) => Promise<Tried>,
  { seed, trials: numRuns, path, progress, patience = 60_000 }: Amount,
): Promise<Summary> {
  const ends = new Map<string, number>();
  let [count, insns] = [0, 0];
  /** When a counterexample has been made smaller for long enough. */
  let enough = Number.POSITIVE_INFINITY;
  const summary = (): Summary => ({ trials: count, insns, ends });
  const judged = (trial: Trial): Promise<Partial<Tried> & Pick<Tried, "lines">> =>
    judge(trial).catch((cause: unknown) => ({
      lines: [cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)],
    }));
  const property = fc.asyncProperty(arbitrary, async (trial) => {
    if (Date.now() > enough) return true;
    const { lines, outcome } = await judged(trial);
    if (lines.length > 0) enough = Math.min(enough, Date.now() + patience);
    count++;
    if (outcome !== undefined) {
      insns += outcome.executed;
      ends.set(endOf(outcome), (ends.get(endOf(outcome)) ?? 0) + 1);
    }
    progress?.(summary());
    return lines.length === 0;
  });
  const { counterexample, counterexamplePath } = await fc.check(property, {
    seed,
    numRuns,
    ...(path !== undefined && { path }),
  });
  if (counterexample === null) return summary();
  const [trial] = counterexample;
  const { lines } = await judged(trial);
  throw new Error(`${explain(trial, lines)}\nseed ${seed}, path ${counterexamplePath}`);
}
