import {
  createRealFabric,
  type FabricSetup,
  type Observation,
  type PluginShape,
  type Scenario,
  type ScenarioOptions,
  type Step,
  scenarios,
  type TraceEntry,
} from "@qpp/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { numRuns } from "../num-runs.js";

// Scenarios as they happened, for properties of what happens.

/** Sequences for each property; there are some twenty of them, and the model is held against thousands more. */
export const SEQUENCES: number = numRuns(400);

export interface Moment extends Observation {
  readonly step: Step;
}

/** All that happened in a scenario, step by step. */
export async function play(scenario: Scenario): Promise<readonly Moment[]> {
  const moments: Moment[] = [];
  await scenario.play((setup) => {
    const real = createRealFabric(setup);
    return {
      setup,
      async perform(step) {
        const observation = await real.perform(step);
        moments.push({ step, ...observation });
        return observation;
      },
    };
  });
  return moments;
}

type Told = (moments: readonly Moment[], setup: FabricSetup) => void;

export function property(name: string, check: Told, options: ScenarioOptions = {}): void {
  it(name, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios(options), async (scenario) => check(await play(scenario), scenario.setup)),
      { numRuns: SEQUENCES },
    );
  });
}

export type Entry<K extends TraceEntry["kind"]> = TraceEntry & { readonly kind: K };

export const traceOf = (moments: readonly Moment[]): readonly TraceEntry[] =>
  moments.flatMap(({ trace }) => trace);

export const entries = <K extends TraceEntry["kind"]>(trace: readonly TraceEntry[], kind: K): Entry<K>[] =>
  trace.filter((entry): entry is Entry<K> => entry.kind === kind);

/** The calls of each run, those of runs within it apart, and what else happened between its beginning and its end. */
export interface Run {
  readonly on: string;
  readonly arg: number;
  readonly calls: Entry<"call">[];
  readonly within: TraceEntry[];
}

export function runsOf(trace: readonly TraceEntry[]): Run[] {
  const all: Run[] = [];
  const open: Run[] = [];
  for (const entry of trace) {
    if (entry.kind === "ran") open.pop();
    for (const run of open) run.within.push(entry);
    if (entry.kind === "call") open.at(-1)?.calls.push(entry);
    if (entry.kind !== "run") continue;
    const run = { on: entry.on, arg: entry.arg, calls: [], within: [] };
    all.push(run);
    open.push(run);
  }
  expect(open).toEqual([]);
  return all;
}

export const key = ({ plugin, fn, lane }: Entry<"call">): string => `${plugin}.${fn} ${lane}`;

/** Faults are only told, so listeners stay where they are. */
export const TOLD: ScenarioOptions = { policies: ["report", "abort"] };

/** Whether nobody came or went in a step: each new subscription is one more, and each that ends is closed. */
export function isQuiet(moments: readonly Moment[], i: number): boolean {
  return JSON.stringify(moments[i]?.state.open) === JSON.stringify(moments[i - 1]?.state.open);
}

export const shapeOf = ({ graph }: FabricSetup, name: string): PluginShape | undefined =>
  graph.find((shape) => shape.name === name);

/** All that a plugin cannot be without. */
export function requirementsOf(setup: FabricSetup, name: string): ReadonlySet<string> {
  const found = new Set(shapeOf(setup, name)?.requires);
  for (const each of found) for (const next of shapeOf(setup, each)?.requires ?? []) found.add(next);
  return found;
}

/** How many listeners a plugin's callback has; -1 if it is not loaded. */
export function sizeOf(moment: Moment | undefined, owner: string): number {
  const there = moment?.state.listeners.find(([name]) => name === owner)?.[1];
  if (there === undefined) return -1;
  return there
    .flatMap((each) => (each.split(": ")[1] ?? "").split("+").map(Number))
    .reduce((a, b) => a + b, 0);
}
