import { callback, contract, type Imports, type OwnedCallback, plugin, QppError } from "@qpp/core";
import fc from "fast-check";
import { map, type Subscription } from "rxjs";
import { expect, test } from "vitest";
import { type Bench, bench } from "./support.js";

// A callback with its owner and some consumers, held against a model in plain data. Each consumer has some functions of its own,
// which it registers, removes, and subscribes to streams. A function may be primed to do something in the middle of a run.

const CAPACITY = 6;
const CONSUMERS = ["ada", "bob", "cyd"];
const FUNCTIONS = 3;
const OWNER = "owner";

type Lane = "direct" | "rx";

type Action =
  | { readonly kind: "throw" }
  | { readonly kind: "add"; readonly fn: number; readonly lane: Lane }
  | { readonly kind: "remove"; readonly fn: number }
  | { readonly kind: "unsubscribe"; readonly index: number }
  | { readonly kind: "run" }
  | { readonly kind: "uninstall"; readonly plugin: string };

interface Primed {
  /** Called this many times before it acts, once. */
  countdown: number;
  readonly action: Action;
}

interface Registration {
  readonly plugin: string;
  readonly fn: number;
  readonly lane: Lane;
  live: boolean;
}

interface Model {
  registrations: Registration[];
  /** All that were ever made, so that subscriptions can be named. */
  readonly made: Registration[];
  readonly alive: Set<string>;
  readonly primed: Map<string, Primed>;
  readonly trace: string[];
  readonly faults: string[];
}

const key = (consumer: string, fn: number): string => `${consumer}.${fn}`;

// The model.

function modelAdd(model: Model, plugin: string, fn: number, lane: Lane): string {
  if (!model.alive.has(plugin)) return "QPP_PLUGIN_GONE";
  if (!model.alive.has(OWNER)) return "closed";
  if (model.registrations.length >= CAPACITY) return "QPP_CAPACITY";
  const registration = { plugin, fn, lane, live: true };
  model.registrations.push(registration);
  model.made.push(registration);
  return "added";
}

function modelDrop(model: Model, which: (registration: Registration) => boolean): void {
  for (const registration of model.registrations) if (which(registration)) registration.live = false;
  model.registrations = model.registrations.filter(({ live }) => live);
}

function modelRemove(model: Model, plugin: string, fn: number): boolean {
  const found = model.registrations.find(
    (each) => each.plugin === plugin && each.fn === fn && each.lane === "direct",
  );
  modelDrop(model, (each) => each === found);
  return found !== undefined;
}

function modelUninstall(model: Model, plugin: string): void {
  if (!model.alive.delete(plugin)) return;
  if (plugin === OWNER) {
    for (const consumer of CONSUMERS) modelUninstall(model, consumer);
  }
  modelDrop(model, (each) => each.plugin === plugin);
}

function modelRun(model: Model, arg: number): void {
  if (!model.alive.has(OWNER)) return;
  for (const registration of [...model.registrations]) {
    if (!registration.live) continue;
    const { plugin, fn, lane } = registration;
    model.trace.push(`${key(plugin, fn)} ${lane} ${arg}`);
    const primed = model.primed.get(key(plugin, fn));
    if (!primed || primed.countdown-- !== 0) continue;
    const problem = modelAct(model, plugin, primed.action, arg);
    if (problem === undefined) continue;
    model.faults.push(`${plugin} ${problem}`);
    modelUninstall(model, plugin);
  }
}

function modelAct(model: Model, plugin: string, action: Action, arg: number): string | undefined {
  switch (action.kind) {
    case "throw":
      return "boom";
    case "add": {
      const outcome = modelAdd(model, plugin, action.fn, action.lane);
      return outcome.startsWith("QPP") ? outcome : undefined;
    }
    case "remove":
      modelRemove(model, plugin, action.fn);
      return undefined;
    case "unsubscribe":
      modelDrop(model, (each) => each === model.made[action.index]);
      return undefined;
    case "run":
      modelRun(model, arg + 1000);
      return undefined;
    case "uninstall":
      modelUninstall(model, action.plugin);
      return undefined;
  }
}

// The real one.

const owned = contract(OWNER, { callbacks: { on: callback<[arg: number]>({ capacity: CAPACITY }) } });

interface Real {
  readonly bench: Bench;
  readonly owner: OwnedCallback<[arg: number]>;
  readonly imports: Map<string, Imports<typeof owned>>;
  readonly functions: Map<string, Record<Lane, (arg: number) => void>>;
  readonly subscriptions: Subscription[];
  readonly primed: Map<string, Primed>;
  readonly trace: string[];
}

function realAdd(real: Real, plugin: string, fn: number, lane: Lane): string {
  const on = real.imports.get(plugin)?.on;
  const listener = real.functions.get(key(plugin, fn));
  if (!on || !listener) throw new Error("no such consumer");
  try {
    const faultsBefore = real.bench.faults.length;
    const subscription =
      lane === "direct"
        ? on.register(listener.direct)
        : on.pipe(map(([arg]) => arg)).subscribe({ next: listener.rx, error: (cause) => rethrow(cause) });
    expect(real.bench.faults.length).toBe(faultsBefore);
    if (subscription.closed) return "closed";
    real.subscriptions.push(subscription);
    return "added";
  } catch (cause) {
    if (cause instanceof QppError) return cause.code;
    throw cause;
  }
}

// What goes wrong with a subscription comes through the error channel; here it is wanted at the call.
let pending: unknown;
function rethrow(cause: unknown): void {
  pending = cause;
}

function addAndThrow(real: Real, plugin: string, fn: number, lane: Lane): string {
  pending = undefined;
  const outcome = realAdd(real, plugin, fn, lane);
  if (pending instanceof QppError) return pending.code;
  return outcome;
}

function realAct(real: Real, plugin: string, action: Action, arg: number): void {
  const on = real.imports.get(plugin)?.on;
  switch (action.kind) {
    case "throw":
      throw new Error("boom");
    case "add": {
      const outcome = addAndThrow(real, plugin, action.fn, action.lane);
      if (outcome.startsWith("QPP")) throw new Error(outcome);
      return;
    }
    case "remove":
      on?.remove(real.functions.get(key(plugin, action.fn))?.direct as (arg: number) => void);
      return;
    case "unsubscribe":
      real.subscriptions[action.index]?.unsubscribe();
      return;
    case "run":
      real.owner.run(arg + 1000);
      return;
    case "uninstall":
      real.bench.container.uninstall(action.plugin);
  }
}

async function makeReal(): Promise<Real> {
  const world = bench();
  const imports: Real["imports"] = new Map();
  let owner: Real["owner"] | undefined;
  await world.load(
    plugin(owned, {
      install({ callbacks }) {
        owner = callbacks.on;
      },
    }),
    ...CONSUMERS.map((name) =>
      plugin(name, {
        requires: { owned },
        install({ owned }) {
          imports.set(name, owned);
        },
      }),
    ),
  );
  if (!owner) throw new Error("the owner was not installed");
  const real: Real = {
    bench: world,
    owner,
    imports,
    functions: new Map(),
    subscriptions: [],
    primed: new Map(),
    trace: [],
  };
  for (const consumer of CONSUMERS) {
    for (let fn = 0; fn < FUNCTIONS; fn++) {
      const listener = (lane: Lane) => (arg: number) => {
        real.trace.push(`${key(consumer, fn)} ${lane} ${arg}`);
        const primed = real.primed.get(key(consumer, fn));
        if (primed && primed.countdown-- === 0) realAct(real, consumer, primed.action, arg);
      };
      real.functions.set(key(consumer, fn), { direct: listener("direct"), rx: listener("rx") });
    }
  }
  return real;
}

// Commands.

class Command implements fc.Command<Model, Real> {
  readonly #text: string;
  readonly #run: (model: Model, real: Real) => void;

  constructor(text: string, run: (model: Model, real: Real) => void) {
    this.#text = text;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    this.#run(model, real);
    expect(real.trace).toEqual(model.trace);
    expect(real.bench.faults.map(({ plugin, cause }) => `${plugin} ${(cause as Error).message}`)).toEqual(
      model.faults,
    );
    for (const { callback } of real.bench.faults) expect(callback).toBe("owner.on");
    expect(real.owner.size).toBe(model.registrations.length);
    expect(real.subscriptions.map(({ closed }) => !closed)).toEqual(model.made.map(({ live }) => live));
    expect(real.bench.container.describe().plugins.map(({ name }) => name)).toEqual(
      [OWNER, ...CONSUMERS].filter((name) => model.alive.has(name)).sort(byLayer),
    );
  }

  toString(): string {
    return this.#text;
  }
}

const byLayer = (a: string, b: string): number => Number(b === OWNER) - Number(a === OWNER);

const consumer = fc.constantFrom(...CONSUMERS);
const fnIndex = fc.nat({ max: FUNCTIONS - 1 });
const lane = fc.constantFrom<Lane>("direct", "rx");
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant("throw" as const) }),
  fc.record({ kind: fc.constant("add" as const), fn: fnIndex, lane }),
  fc.record({ kind: fc.constant("remove" as const), fn: fnIndex }),
  fc.record({ kind: fc.constant("unsubscribe" as const), index: fc.nat({ max: 12 }) }),
  fc.record({ kind: fc.constant("run" as const) }),
  fc.record({ kind: fc.constant("uninstall" as const), plugin: fc.constantFrom(...CONSUMERS, OWNER) }),
);

const add = fc.tuple(consumer, fnIndex, lane).map(
  ([name, fn, via]) =>
    new Command(`add(${key(name, fn)}, ${via})`, (model, real) => {
      expect(addAndThrow(real, name, fn, via)).toBe(modelAdd(model, name, fn, via));
    }),
);
const remove = fc.tuple(consumer, fnIndex).map(
  ([name, fn]) =>
    new Command(`remove(${key(name, fn)})`, (model, real) => {
      const listener = real.functions.get(key(name, fn))?.direct as (arg: number) => void;
      expect(real.imports.get(name)?.on.remove(listener)).toBe(modelRemove(model, name, fn));
    }),
);
const unsubscribe = fc.nat({ max: 12 }).map(
  (index) =>
    new Command(`unsubscribe(${index})`, (model, real) => {
      real.subscriptions[index]?.unsubscribe();
      modelDrop(model, (each) => each === model.made[index]);
    }),
);
// The countdowns reach beyond the runs that a change is followed by until a dispatcher is generated.
const prime = fc.tuple(consumer, fnIndex, fc.nat({ max: 45 }), action).map(
  ([name, fn, countdown, what]) =>
    new Command(`prime(${key(name, fn)}, ${countdown}, ${JSON.stringify(what)})`, (model, real) => {
      model.primed.set(key(name, fn), { countdown, action: what });
      real.primed.set(key(name, fn), { countdown, action: what });
    }),
);
const run = fc.integer({ min: 1, max: 40 }).map(
  (times) =>
    new Command(`run(${times})`, (model, real) => {
      for (let i = 0; i < times; i++) {
        modelRun(model, i);
        real.owner.run(i);
      }
    }),
);
const uninstall = fc.constantFrom(...CONSUMERS, OWNER).map(
  (name) =>
    new Command(`uninstall(${name})`, (model, real) => {
      expect(real.bench.container.uninstall(name)).toBe(model.alive.has(name));
      modelUninstall(model, name);
    }),
);

const commands = fc.commands(
  [add, add, add, remove, unsubscribe, prime, prime, run, run, uninstall].map((each) => each as typeof add),
  { maxCommands: 40, size: "max" },
);

test("a callback does what a list of registrations does, whatever happens in the middle of its runs", async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const real = await makeReal();
      const model: Model = {
        registrations: [],
        made: [],
        alive: new Set([OWNER, ...CONSUMERS]),
        primed: new Map(),
        trace: [],
        faults: [],
      };
      fc.modelRun(() => ({ model, real }), sequence);
    }),
    { numRuns: 1500 },
  );
});
