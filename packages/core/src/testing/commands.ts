import fc from "fast-check";
import type { FaultPolicy } from "../fault.js";
import {
  type Action,
  type Fabric,
  type FabricSetup,
  LISTENERS,
  type ListeningLane,
  type Step,
} from "./fabric.js";
import { type GraphOptions, type PluginGraph, pluginGraphs } from "./graph.js";
import { scriptOf } from "./script.js";

/** A step that is not yet tied to a graph: what it listens to is the plugin itself, or one of those it may use. */
type Template = (graph: PluginGraph) => Step;

/** What may be in a {@link Scenario}. */
export interface ScenarioOptions extends GraphOptions {
  /** What becomes of plugins at fault; any of the three unless told. */
  readonly policies?: readonly FaultPolicy[];
  /** Most steps; 40 unless told. */
  readonly maxSteps?: number;
}

/** A wiring and what is done to it. Printed, as in a report of fast-check, it is a script that does the same. */
export interface Scenario {
  readonly setup: FabricSetup;
  /** Does all of it to a wiring; rejects with what the wiring throws. */
  play(make: (setup: FabricSetup) => Fabric): Promise<void>;
  /** A script that does to a checked wiring what the last {@link Scenario.play} did. */
  readonly script: string;
}

function createScenario(
  setup: FabricSetup,
  start: Step,
  commands: Iterable<fc.AsyncCommand<PluginGraph, Fabric>>,
): Scenario {
  let done: Step[] = [];
  const scenario: Scenario = {
    setup,
    async play(make) {
      done = [];
      const fabric = make(setup);
      const noted: Fabric = {
        setup,
        perform(step) {
          done.push(step);
          return fabric.perform(step);
        },
      };
      await noted.perform(start);
      await fc.asyncModelRun(() => ({ model: setup.graph, real: noted }), commands);
    },
    get script() {
      return scriptOf(setup, done);
    },
  };
  return Object.assign(scenario, { [fc.toStringMethod]: () => `\n${scenario.script}` });
}

class FabricCommand implements fc.AsyncCommand<PluginGraph, Fabric> {
  readonly #template: Template;

  constructor(template: Template) {
    this.#template = template;
  }

  check(): boolean {
    return true;
  }

  async run(graph: PluginGraph, fabric: Fabric): Promise<void> {
    await fabric.perform(this.#template(graph));
  }
}

/**
 * Wirings and sequences of commands for them: plugins come and go, listeners come and go on all lanes, callbacks run, and
 * in the middle of the runs listeners throw, reject, listen, go, run callbacks again, unload and load plugins.
 *
 * @example
 * ```ts
 * await fc.assert(fc.asyncProperty(scenarios(), (scenario) => scenario.play(createCheckedFabric)));
 * ```
 */
export function scenarios(options: ScenarioOptions = {}): fc.Arbitrary<Scenario> {
  const { size = 4, policies = ["uninstall", "abort", "report"], maxSteps = 40 } = options;
  const positions = fc.uniqueArray(fc.nat({ max: size - 1 }), { maxLength: size });
  const all = Array.from({ length: size }, (_, i) => i);
  const setup = fc.record({
    graph: pluginGraphs(options),
    capacity: fc.integer({ min: 1, max: 6 }),
    policy: fc.constantFrom(...policies),
  });
  const templates = stepTemplates(size, positions).map((each) => each.map((to) => new FabricCommand(to)));
  const start = fc.oneof({ weight: 5, arbitrary: fc.constant(all) }, { weight: 1, arbitrary: positions });
  return fc
    .tuple(setup, start, fc.commands(templates, { maxCommands: maxSteps, size: "max" }))
    .map(([made, plugins, commands]) => createScenario(made, { kind: "load", plugins }, commands));
}

/** The callback that is meant: the plugin's own, or that of one it may use. */
function reached(graph: PluginGraph, plugin: string, which: number): string {
  const shape = graph.find(({ name }) => name === plugin);
  const others = shape ? [...shape.requires, ...shape.optional] : [];
  return others[which % (others.length + 1)] ?? plugin;
}

function mostlyFirst(count: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat({ max: count - 1 }) },
  );
}

function stepTemplates(size: number, positions: fc.Arbitrary<number[]>): fc.Arbitrary<Template>[] {
  const plugin = fc
    .oneof(
      { weight: 1, arbitrary: fc.nat({ max: Math.min(1, size - 1) }) },
      { weight: 1, arbitrary: fc.nat({ max: size - 1 }) },
    )
    .map((i) => `p${i}`);
  // Some are meant more often than others, or listening, priming and running would hardly ever be about the same ones.
  const number = mostlyFirst(LISTENERS);
  const which = mostlyFirst(4);
  const index = fc.nat({ max: 12 });
  const lane = fc.constantFrom<ListeningLane>("direct", "rx", "operator");
  const listen = fc.tuple(plugin, which, number, lane).map(([by, on, fn, via]): Template => {
    return (graph) => ({ kind: "listen", plugin: by, on: reached(graph, by, on), fn, lane: via });
  });
  const remove = fc.tuple(plugin, which, number).map(([by, on, fn]): Template => {
    return (graph) => ({ kind: "remove", plugin: by, on: reached(graph, by, on), fn });
  });
  // After some runs with the same listeners, generated code calls them.
  const times = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: 15, max: 40 }) },
  );
  // What is listened to most is run most.
  const run = fc.tuple(plugin, which, times).map(([by, on, many]): Template => {
    return (graph) => ({ kind: "run", on: reached(graph, by, on), times: many });
  });
  const call = fc.tuple(plugin, which).map(([by, on]): Template => {
    return (graph) => ({ kind: "call", plugin: by, on: reached(graph, by, on) });
  });
  const whole = fc
    .oneof(
      fc.record({ kind: fc.constant("load" as const), plugins: positions }),
      fc.record({ kind: fc.constant("unload" as const), plugin }),
      fc.record({ kind: fc.constant("unsubscribe" as const), index }),
    )
    .map(
      (step): Template =>
        () =>
          step,
    );
  const after = fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: 1 }) },
    { weight: 1, arbitrary: fc.nat({ max: 45 }) },
  );
  const prime = fc
    .tuple(plugin, number, after, which, actions(plugin, number, index, lane, positions))
    .map(([by, fn, after, on, make]): Template => {
      return (graph) => ({ kind: "prime", plugin: by, fn, after, action: make(reached(graph, by, on)) });
    });
  return [
    listen,
    listen,
    listen,
    listen,
    remove,
    run,
    run,
    run,
    run,
    call,
    whole,
    prime,
    prime,
    prime,
    prime,
  ];
}

function actions(
  plugin: fc.Arbitrary<string>,
  fn: fc.Arbitrary<number>,
  index: fc.Arbitrary<number>,
  lane: fc.Arbitrary<ListeningLane>,
  positions: fc.Arbitrary<number[]>,
): fc.Arbitrary<(on: string) => Action> {
  const fixed = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("throw" as const, "reject" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("unsubscribe" as const), index }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("run" as const), on: plugin }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("unload" as const), plugin }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("load" as const), plugins: positions }) },
  );
  return fc.oneof(
    { weight: 5, arbitrary: fixed.map((action) => () => action) },
    {
      weight: 1,
      arbitrary: fc.tuple(fn, lane).map(([number, via]) => (on: string): Action => {
        return { kind: "listen", on, fn: number, lane: via };
      }),
    },
    {
      weight: 1,
      arbitrary: fn.map(
        (number) =>
          (on: string): Action => ({ kind: "remove", on, fn: number }),
      ),
    },
  );
}
