import type { Plugin } from "@qpp/core";
import {
  createRealFabric,
  createTestContainer,
  type FabricSetup,
  type Observation,
  type PluginShape,
  pluginGraphs,
  type Scenario,
  type ScenarioOptions,
  type Step,
  scenarios,
  type TraceEntry,
} from "@qpp/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bare } from "./plugins.js";

// What the fabric promises, line by line, each held by itself against what happens in any sequence of commands.

/** Sequences for each property; there are some twenty of them, and the model is held against thousands more. */
const SEQUENCES = 400;

interface Moment extends Observation {
  readonly step: Step;
}

/** All that happened in a scenario, step by step. */
async function play(scenario: Scenario): Promise<readonly Moment[]> {
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

function property(name: string, check: Told, options: ScenarioOptions = {}): void {
  it(name, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios(options), async (scenario) => check(await play(scenario), scenario.setup)),
      { numRuns: SEQUENCES },
    );
  });
}

type Entry<K extends TraceEntry["kind"]> = TraceEntry & { readonly kind: K };

const traceOf = (moments: readonly Moment[]): readonly TraceEntry[] => moments.flatMap(({ trace }) => trace);

const entries = <K extends TraceEntry["kind"]>(trace: readonly TraceEntry[], kind: K): Entry<K>[] =>
  trace.filter((entry): entry is Entry<K> => entry.kind === kind);

/** The calls of each run, those of runs within it apart, and what else happened between its beginning and its end. */
interface Run {
  readonly on: string;
  readonly arg: number;
  readonly calls: Entry<"call">[];
  readonly within: TraceEntry[];
}

function runsOf(trace: readonly TraceEntry[]): Run[] {
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

const key = ({ plugin, fn, lane }: Entry<"call">): string => `${plugin}.${fn} ${lane}`;

/** Faults are only told, so listeners stay where they are. */
const TOLD: ScenarioOptions = { policies: ["report", "abort"] };

/** Whether nobody came or went in a step: each new subscription is one more, and each that ends is closed. */
function isQuiet(moments: readonly Moment[], i: number): boolean {
  return JSON.stringify(moments[i]?.state.open) === JSON.stringify(moments[i - 1]?.state.open);
}

const shapeOf = ({ graph }: FabricSetup, name: string): PluginShape | undefined =>
  graph.find((shape) => shape.name === name);

/** All that a plugin cannot be without. */
function requirementsOf(setup: FabricSetup, name: string): ReadonlySet<string> {
  const found = new Set(shapeOf(setup, name)?.requires);
  for (const each of found) for (const next of shapeOf(setup, each)?.requires ?? []) found.add(next);
  return found;
}

describe("a run", () => {
  property("calls listeners with its own argument, and lets nested runs end before it goes on", (moments) => {
    for (const { on, arg, calls } of runsOf(traceOf(moments))) {
      for (const call of calls) expect([call.on, call.arg]).toEqual([on, arg]);
    }
  });

  property("calls each listener once", (moments) => {
    for (const [i, { trace }] of moments.entries()) {
      if (!isQuiet(moments, i)) continue;
      for (const { on, calls } of runsOf(trace))
        expect([on, calls.length]).toEqual([on, Math.max(0, sizeOf(moments[i], on))]);
    }
  });

  property("calls listeners in one order, on all lanes", (moments) => {
    const orders = new Map<string, string>();
    for (const [i, { trace }] of moments.entries()) {
      if (!isQuiet(moments, i)) orders.clear();
      else {
        for (const { on, calls } of runsOf(trace)) {
          const order = calls.map(key).join();
          expect(orders.get(on) ?? order).toBe(order);
          orders.set(on, order);
        }
      }
    }
  });

  property("calls nobody whose plugin is gone", (moments) => {
    const present = new Set<string>();
    for (const entry of traceOf(moments)) {
      if (entry.kind === "install") present.add(entry.plugin);
      if (entry.kind === "dispose") present.delete(entry.plugin);
      if (entry.kind === "call") expect([...present]).toContain(entry.plugin);
    }
  });

  property("of a callback whose owner is gone calls nobody", (moments) => {
    const present = new Set<string>();
    for (const entry of traceOf(moments)) {
      if (entry.kind === "install") present.add(entry.plugin);
      if (entry.kind === "dispose") present.delete(entry.plugin);
      if (entry.kind === "call") expect([...present]).toContain(entry.on);
    }
  });

  property(
    "calls as many listeners of each plugin, on each lane, as the description of the wiring tells",
    (moments) => {
      for (const [i, { trace, state }] of moments.entries()) {
        if (!isQuiet(moments, i)) continue;
        for (const { on, calls } of runsOf(trace)) {
          const names = [...new Set(calls.map(({ plugin }) => plugin))];
          const counts = names.map((name) => {
            const its = calls.filter(({ plugin }) => plugin === name);
            const direct = its.filter(({ lane }) => lane === "direct").length;
            return `${name}: ${direct}+${its.length - direct}`;
          });
          expect(counts).toEqual(state.listeners.find(([owner]) => owner === on)?.[1] ?? []);
        }
      }
    },
  );
});

describe("a callback", () => {
  property("never has more listeners than it has room for", (moments, { capacity = 4 }) => {
    for (const { state } of moments) {
      for (const [, there] of state.listeners) {
        const counts = there.flatMap((each) => (each.split(": ")[1] ?? "").split("+").map(Number));
        expect(counts.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(capacity);
      }
    }
  });

  property("refuses one too many, and keeps those that it has", (moments, { capacity = 4 }) => {
    for (const [i, { step, outcome, state }] of moments.entries()) {
      if (step.kind !== "listen") continue;
      const size = sizeOf(moments[i - 1], step.on);
      if (outcome === "QPP_CAPACITY") {
        expect(size).toBe(capacity);
        expect(state.listeners).toEqual(moments[i - 1]?.state.listeners);
      }
      if (outcome === "added") expect(sizeOf(moments[i], step.on)).toBe(size + 1);
    }
  });

  property("loses one listener by each removal that says so, and none by others", (moments) => {
    for (const [i, { step, outcome }] of moments.entries()) {
      if (step.kind !== "remove" || sizeOf(moments[i], step.on) === -1) continue;
      const lost = outcome === true ? 1 : 0;
      const before = sizeOf(moments[i - 1], step.on);
      expect(sizeOf(moments[i], step.on)).toBe(before - lost);
    }
  });

  property("completes for those who are there when its owner goes, and for each of them once", (moments) => {
    const trace = traceOf(moments);
    for (const [i, { plugin, on }] of [...trace.entries()].flatMap(([at, entry]) =>
      entry.kind === "complete" ? [[at, entry] as const] : [],
    )) {
      const gone = trace.slice(0, i).findLast((each): each is Entry<"dispose"> => each.kind === "dispose");
      expect([gone?.plugin, plugin === on]).toEqual([on, false]);
    }
    const opened = moments.at(-1)?.state.open.length ?? 0;
    expect(entries(trace, "complete").length).toBeLessThanOrEqual(opened);
  });
});

function sizeOf(moment: Moment | undefined, owner: string): number {
  const there = moment?.state.listeners.find(([name]) => name === owner)?.[1];
  if (there === undefined) return -1;
  return there
    .flatMap((each) => (each.split(": ")[1] ?? "").split("+").map(Number))
    .reduce((a, b) => a + b, 0);
}

describe("a subscription", () => {
  property("once closed stays closed", (moments) => {
    let before: readonly boolean[] = [];
    for (const { state } of moments) {
      for (const [i, open] of before.entries()) if (!open) expect(state.open[i]).toBe(false);
      before = state.open;
    }
  });

  property("is open exactly as long as there is a listener for it", (moments) => {
    for (const { state } of moments) {
      const listeners = state.listeners.reduce((sum, [owner]) => sum + sizeOf({ state } as Moment, owner), 0);
      expect(state.open.filter(Boolean)).toHaveLength(listeners);
    }
  });
});

describe("a fault", () => {
  property("is told with plugin, callback and cause", (moments, setup) => {
    for (const { plugin, callback, cause } of entries(traceOf(moments), "fault")) {
      expect(["boom", "QPP_CAPACITY"]).toContain(cause);
      const owner = callback?.replace(/\.on$/, "") ?? "";
      const shape = shapeOf(setup, plugin);
      expect([plugin, ...(shape?.requires ?? []), ...(shape?.optional ?? [])]).toContain(owner);
    }
  });

  property(
    "takes its plugin out at once, by the default policy",
    (moments) => {
      const trace = traceOf(moments);
      const present = new Set<string>();
      for (const [i, entry] of trace.entries()) {
        if (entry.kind === "install") present.add(entry.plugin);
        if (entry.kind === "dispose") present.delete(entry.plugin);
        if (entry.kind !== "fault" || !present.has(entry.plugin)) continue;
        const next = trace.slice(i + 1).find(({ kind, ...rest }) => {
          return (
            kind !== "complete" && !(kind === "dispose" && "plugin" in rest && rest.plugin !== entry.plugin)
          );
        });
        expect(next).toEqual({ kind: "dispose", plugin: entry.plugin });
      }
    },
    { policies: ["uninstall"] },
  );

  property(
    "takes nobody out when it is only to be told, or the run is to end",
    (moments) => {
      for (const { trace } of moments) {
        for (const [i, entry] of trace.entries()) {
          const next = trace[i + 1];
          if (entry.kind === "fault" && next?.kind === "dispose") expect(next.plugin).toBe("nobody");
        }
      }
    },
    { policies: ["report", "abort"] },
  );

  property(
    "ends the run once for each fault, if that is the policy",
    (moments) => {
      const trace = traceOf(moments);
      const aborted = trace.flatMap((entry, i) =>
        entry.kind === "abort" ? [[entry.plugin, trace[i - 1]]] : [],
      );
      expect(aborted).toHaveLength(entries(trace, "fault").length);
      for (const [plugin, before] of aborted) expect(before).toMatchObject({ kind: "fault", plugin });
    },
    { policies: ["abort"] },
  );

  property(
    "disturbs no other listener: those behind the one at fault are called all the same",
    (moments) => {
      for (const [i, { trace }] of moments.entries()) {
        if (!isQuiet(moments, i)) continue;
        for (const { on, calls, within } of runsOf(trace)) {
          if (within.some(({ kind }) => kind === "fault")) expect(calls).toHaveLength(sizeOf(moments[i], on));
        }
      }
    },
    TOLD,
  );
});

describe("unloading", () => {
  property("takes dependents first", (moments, setup) => {
    const trace = traceOf(moments);
    const present = new Set<string>();
    for (const entry of trace) {
      if (entry.kind === "install") present.add(entry.plugin);
      if (entry.kind !== "dispose") continue;
      present.delete(entry.plugin);
      for (const name of present) expect([...requirementsOf(setup, name)]).not.toContain(entry.plugin);
    }
  });

  property("disposes of each installation once", (moments) => {
    const present = new Set<string>();
    for (const entry of traceOf(moments)) {
      if (entry.kind === "install") {
        expect(present.has(entry.plugin)).toBe(false);
        present.add(entry.plugin);
      }
      if (entry.kind === "dispose") expect(present.delete(entry.plugin)).toBe(true);
    }
    expect([...present].sort()).toEqual([...(moments.at(-1)?.state.loaded ?? [])].sort());
  });

  property("says whether there was something", (moments) => {
    for (const [i, { step, outcome }] of moments.entries()) {
      if (step.kind === "unload")
        expect(outcome).toBe(moments[i - 1]?.state.loaded.includes(step.plugin) ?? false);
    }
  });

  property("leaves no listener behind", (moments) => {
    for (const { state } of moments) {
      const names = state.listeners.flatMap(([, there]) => there.map((each) => each.split(":")[0] ?? ""));
      for (const name of names) expect(state.loaded).toContain(name);
    }
  });

  property("has functions of the plugin throw a typed error, and no others", (moments) => {
    for (const [i, { step, outcome }] of moments.entries()) {
      if (step.kind !== "call" || outcome === "absent" || outcome === "never loaded") continue;
      if (outcome === step.on) continue;
      expect(outcome).toBe("QPP_PLUGIN_GONE");
      const wasThere = moments
        .slice(0, i)
        .some(({ trace }) => entries(trace, "dispose").some((e) => e.plugin === step.on));
      expect(wasThere).toBe(true);
    }
  });

  property(
    "keeps the results: of every plugin that ever ran there is one, and it never shrinks but by a new start",
    (moments) => {
      let before = new Map<string, number>();
      for (const { trace, state } of moments) {
        const started = new Set(entries(trace, "install").map(({ plugin }) => plugin));
        const now = new Map(state.results.map(([name, calls]) => [name, calls]));
        for (const [name, calls] of before) {
          if (!started.has(name)) expect(now.get(name)).toBeGreaterThanOrEqual(calls);
        }
        for (const name of started) expect(now.has(name)).toBe(true);
        before = now;
      }
    },
  );

  property(
    "keeps with the result the fault that took a plugin out",
    (moments) => {
      const present = new Set<string>();
      const faulty = new Set<string>();
      for (const { trace, state } of moments) {
        for (const entry of trace) {
          if (entry.kind === "fault" && present.has(entry.plugin)) faulty.add(entry.plugin);
          if (entry.kind === "dispose") present.delete(entry.plugin);
          if (entry.kind !== "install") continue;
          present.add(entry.plugin);
          faulty.delete(entry.plugin);
        }
        for (const [name, , fault] of state.results) if (faulty.has(name)) expect(fault).toBeDefined();
      }
    },
    { policies: ["uninstall"] },
  );
});

const WRONG: ScenarioOptions = { cycles: true, missing: true, clashes: true, throwing: true, maxSteps: 10 };

describe("loading", () => {
  property(
    "accounts for all that was asked for",
    (moments) => {
      for (const { step, outcome } of moments) {
        if (step.kind !== "load") continue;
        const { loaded, refused } = outcome as { loaded: string[]; refused: string[] };
        expect(loaded.length + refused.length).toBe(step.plugins.length);
      }
    },
    WRONG,
  );

  property(
    "installs each plugin after all that it requires, and all in the order that it tells",
    (moments, setup) => {
      for (const { step, outcome, trace } of moments) {
        const installed = entries(trace, "install").map(({ plugin }) => plugin);
        if (step.kind === "load") expect((outcome as { loaded: string[] }).loaded).toEqual(installed);
      }
      const present = new Set<string>();
      for (const entry of traceOf(moments)) {
        if (entry.kind === "dispose") present.delete(entry.plugin);
        if (entry.kind !== "install") continue;
        present.add(entry.plugin);
        for (const name of requirementsOf(setup, entry.plugin)) expect([...present]).toContain(name);
      }
    },
  );

  property(
    "never has two plugins of one name",
    (moments) => {
      for (const { state } of moments) expect(new Set(state.loaded).size).toBe(state.loaded.length);
    },
    WRONG,
  );

  it("does not depend on the order of the requests", async () => {
    const graphs = pluginGraphs({ size: 7, cycles: true, missing: true, throwing: true });
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 });
    await fc.assert(
      fc.asyncProperty(graphs, orders, async (graph, order) => {
        const outcomeOf = async (plugins: readonly number[]) =>
          (await createRealFabric({ graph }).perform({ kind: "load", plugins })).outcome;
        expect(await outcomeOf(order)).toEqual(await outcomeOf([...order].sort()));
      }),
      { numRuns: SEQUENCES },
    );
  });

  it("names cycles that are there", async () => {
    await fc.assert(
      fc.asyncProperty(pluginGraphs({ size: 7, cycles: true, optional: false }), async (graph) => {
        const plugins = graph.map(({ name, requires }): Plugin => bare(name, requires));
        const { refused } = await createTestContainer().container.load(
          plugins.map((each) => ({ plugin: each })),
        );
        for (const { plugin: name, error } of refused) {
          if (!("cycle" in error)) continue;
          const cycle = error.cycle as readonly string[];
          expect(cycle[0]).toBe(name);
          for (const [i, each] of cycle.entries()) {
            expect(shapeOf({ graph }, each)?.requires).toContain(cycle[(i + 1) % cycle.length]);
          }
        }
      }),
      { numRuns: SEQUENCES },
    );
  });

  it("leaves alone what does not require the one that is unloaded", async () => {
    await fc.assert(
      fc.asyncProperty(pluginGraphs(), fc.nat({ max: 3 }), async (graph, which) => {
        const fabric = createRealFabric({ graph });
        const before = await fabric.perform({ kind: "load", plugins: graph.map((_, i) => i) });
        const { state } = await fabric.perform({ kind: "unload", plugin: `p${which}` });
        const users = before.state.loaded.filter((name) => requirementsOf({ graph }, name).has(`p${which}`));
        expect(state.loaded).toEqual(
          before.state.loaded.filter((name) => ![`p${which}`, ...users].includes(name)),
        );
        for (const name of state.loaded) {
          for (const on of shapeOf({ graph }, name)?.requires ?? []) {
            expect((await fabric.perform({ kind: "call", plugin: name, on })).outcome).toBe(on);
          }
        }
      }),
      { numRuns: SEQUENCES },
    );
  });
});

describe("the sequences", () => {
  it("do all that they are meant to", async () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    for (const scenario of fc.sample(scenarios(), { numRuns: SEQUENCES, seed: 1 })) {
      const moments = await play(scenario);
      for (const [i, { step, outcome, trace }] of moments.entries()) {
        count(`${step.kind} ${typeof outcome === "string" && !/^p\d/.test(outcome) ? outcome : "done"}`);
        for (const { calls, within } of runsOf(trace)) {
          if (calls.length > 1) count(isQuiet(moments, i) ? "quiet run" : "changing run");
          for (const { kind } of within) count(`${kind} in a run`);
        }
        if (step.kind === "run" && entries(trace, "install").length > 0) count("load after a run");
        if (step.kind === "run" && trace.at(-1)?.kind === "fault") count("fault after a run");
        for (const { lane } of entries(trace, "call")) count(`call ${lane}`);
      }
    }
    const rare = [
      "listen added",
      "listen QPP_CAPACITY",
      "listen QPP_PLUGIN_GONE",
      "listen closed",
      "call QPP_PLUGIN_GONE",
      "quiet run",
      "changing run",
      "run in a run",
      "fault in a run",
      "dispose in a run",
      "complete in a run",
      "load after a run",
      "fault after a run",
      "call operator",
    ];
    expect(rare.filter((what) => (seen.get(what) ?? 0) < 5)).toEqual([]);
  });
});

describe("the fabric", () => {
  it("does the same again, entry for entry", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios(), async (scenario) => {
        expect(await play(scenario)).toEqual(await play(scenario));
      }),
      { numRuns: SEQUENCES / 2 },
    );
  });
});
