import { map, type Subscription } from "rxjs";
import type { Callback, OwnedCallback } from "../callback/callback.js";
import { type CallbackSpec, callback } from "../callback/spec.js";
import { createContainer } from "../container/container.js";
import { type Contract, contract, type None } from "../contract.js";
import { QppError } from "../errors.js";
import type { Fault } from "../fault.js";
import { type FunctionSpec, fn } from "../fn.js";
import { type Plugin, plugin } from "../plugin.js";
import {
  type Action,
  CAPACITY,
  type FabricSetup,
  type FabricState,
  type ListeningLane,
  NESTED,
  type RealFabric,
  type Step,
  type TraceEntry,
} from "./fabric.js";
import type { PluginShape } from "./graph.js";
import type { ContainerFactory } from "./test-container.js";

type Wired = Contract<
  string,
  { readonly on: CallbackSpec<[arg: number], void, void> },
  { readonly id: FunctionSpec<() => string> },
  None
>;

/** What a plugin sees of another one, or of itself. */
interface Import {
  readonly on: Callback<[arg: number]>;
  id(): string;
}

/** The latest installation of a plugin, seen from inside. */
interface Inside {
  readonly name: string;
  readonly own: OwnedCallback<[arg: number]>;
  readonly imports: ReadonlyMap<string, Import>;
  /** Its direct listeners by callback and number: a function can be taken back only by itself. */
  readonly direct: Map<string, (arg: number) => unknown>;
  calls: number;
}

/**
 * A real wiring: a container, with plugins made after the graph, that steps can be done to.
 *
 * @param create makes the container that is put to the test
 */
export function createRealFabric(setup: FabricSetup, create: ContainerFactory = createContainer): RealFabric {
  const { graph, capacity = CAPACITY, policy = "uninstall" } = setup;
  const insides = new Map<string, Inside>();
  const made: Subscription[] = [];
  const primed = new Map<string, { after: number; readonly action: Action }>();
  const contracts = new Map<string, Wired>();
  let trace: TraceEntry[] = [];
  /** Whether something was started that ends after the step. */
  let unsettled = false;

  const container = create({
    onFault: policy,
    host: {
      log() {},
      fault: ({ plugin, callback, cause, lost }) =>
        trace.push({ kind: "fault", plugin, callback, cause: textOf(cause), lost }),
      abort: ({ plugin }) => trace.push({ kind: "abort", plugin }),
    },
  });
  const plugins = graph.map(pluginOf);

  function contractOf(name: string): Wired {
    const known = contracts.get(name);
    if (known) return known;
    const fresh = contract(name, {
      callbacks: { on: callback<[arg: number]>({ capacity }) },
      functions: { id: fn<() => string>() },
    });
    contracts.set(name, fresh);
    return fresh;
  }

  function pluginOf({ name, requires, optional, throws }: PluginShape): Plugin {
    const under = (names: readonly string[]) =>
      Object.fromEntries(names.map((each) => [each, contractOf(each)]));
    return plugin(contractOf(name), {
      requires: under(requires),
      optional: under(optional),
      install(context) {
        const found = [...requires, ...optional].flatMap((each) => {
          const value = context[each];
          return value === undefined ? [] : [[each, value] as const];
        });
        if (throws) throw new Error("asked to fail");
        const { on } = context.callbacks;
        const id = (): string => name;
        const imports = new Map<string, Import>([...found, [name, { on, id }]]);
        const inside: Inside = { name, own: on, imports, direct: new Map(), calls: 0 };
        insides.set(name, inside);
        context.onDispose(() => {
          trace.push({ kind: "dispose", plugin: name });
          // What it requires is still there; if not, this is a fault that the model does not have.
          for (const each of requires) imports.get(each)?.id();
        });
        context.report(() => inside.calls);
        trace.push({ kind: "install", plugin: name });
        return { id };
      },
    });
  }

  async function load(positions: readonly number[]): Promise<unknown> {
    const requests = positions.flatMap((position) => plugins[position] ?? []);
    const { loaded, refused } = await container.load(requests.map((each) => ({ plugin: each })));
    return { loaded, refused: refused.map(({ plugin: name, error }) => `${name} ${error.code}`).sort() };
  }

  function called(by: Inside, on: string, number: number, lane: ListeningLane, arg: number): unknown {
    trace.push({ kind: "call", plugin: by.name, fn: number, lane, on, arg });
    by.calls++;
    const waiting = primed.get(`${by.name}.${number}`);
    if (waiting === undefined || waiting.after-- !== 0) return undefined;
    if (waiting.action.kind !== "reject") return act(by, waiting.action, arg);
    const boom = new Error("boom");
    if (lane === "operator") throw boom;
    unsettled = true;
    return Promise.reject(boom);
  }

  function act(by: Inside, action: Exclude<Action, { kind: "reject" }>, arg: number): void {
    switch (action.kind) {
      case "throw":
        throw new Error("boom");
      case "listen": {
        const outcome = listen(by, action.on, action.fn, action.lane);
        if (outcome.startsWith("QPP")) throw new Error(outcome);
        return;
      }
      case "remove":
        remove(by, action.on, action.fn);
        return;
      case "unsubscribe":
        made[action.index]?.unsubscribe();
        return;
      case "run": {
        const on = insides.get(action.on);
        if (on) run(on, arg + NESTED);
        return;
      }
      case "unload":
        container.uninstall(action.plugin);
        return;
      case "load":
        unsettled = true;
        load(action.plugins);
    }
  }

  function listen(by: Inside, name: string, number: number, lane: ListeningLane): string {
    const on = by.imports.get(name)?.on;
    if (on === undefined) return "absent";
    let refusal: unknown;
    let subscribing = true;
    try {
      const subscription = subscribe(by, on, name, number, lane, (cause) => {
        // An error that comes later is none of the subscription: without a handler it would be a fault, so it is here.
        if (!subscribing) throw cause;
        refusal = cause;
      });
      if (refusal !== undefined) throw refusal;
      if (subscription.closed) return "closed";
      made.push(subscription);
      return "added";
    } catch (cause) {
      return textOf(cause);
    } finally {
      subscribing = false;
    }
  }

  function subscribe(
    by: Inside,
    on: Callback<[arg: number]>,
    name: string,
    number: number,
    lane: ListeningLane,
    error: (cause: unknown) => void,
  ): Subscription {
    // A subscriber is told of an end at once where there is nothing to subscribe to: that is an outcome, not an event.
    let open = false;
    const complete = (): void => {
      if (open) trace.push({ kind: "complete", plugin: by.name, fn: number, on: name });
    };
    const work = ([arg]: [arg: number]): unknown => called(by, name, number, lane, arg);
    let subscription: Subscription;
    if (lane === "direct") {
      const key = `${name}.${number}`;
      const listener = by.direct.get(key) ?? ((arg: number) => work([arg]));
      by.direct.set(key, listener);
      subscription = on.register(listener as (arg: number) => void);
    } else if (lane === "rx") subscription = on.subscribe({ next: work, error, complete });
    else subscription = on.pipe(map(work)).subscribe({ error, complete });
    open = true;
    return subscription;
  }

  function remove(by: Inside, name: string, number: number): boolean {
    const listener = by.direct.get(`${name}.${number}`);
    return (
      listener !== undefined && by.imports.get(name)?.on.remove(listener as (arg: number) => void) === true
    );
  }

  function run({ name, own }: Inside, arg: number): void {
    trace.push({ kind: "run", on: name, arg });
    own.run(arg);
    trace.push({ kind: "ran", on: name, arg });
  }

  function outcomeOf(step: Step): unknown {
    if (step.kind === "load") return load(step.plugins);
    if (step.kind === "unload") return container.uninstall(step.plugin);
    if (step.kind === "unsubscribe") return made[step.index]?.unsubscribe();
    if (step.kind === "prime")
      return void primed.set(`${step.plugin}.${step.fn}`, { after: step.after, action: step.action });
    const inside = insides.get(step.kind === "run" ? step.on : step.plugin);
    if (inside === undefined) return "never loaded";
    if (step.kind === "listen") return listen(inside, step.on, step.fn, step.lane);
    if (step.kind === "remove") return remove(inside, step.on, step.fn);
    if (step.kind === "run") {
      for (let i = 0; i < step.times; i++) run(inside, i);
      return undefined;
    }
    try {
      return inside.imports.get(step.on)?.id() ?? "absent";
    } catch (cause) {
      return textOf(cause);
    }
  }

  function state(): FabricState {
    const { plugins: present } = container.describe();
    const listeners = present.map(({ name, callbacks }) => {
      const subscribers = callbacks.flatMap((each) => each.subscribers);
      return [name, subscribers.map((each) => `${each.plugin}: ${each.direct}+${each.rx}`)] as const;
    });
    const results = [...container.results()].map(([name, { result, fault }]) => {
      return [name, result as number, faultText(fault)] as const;
    });
    return {
      loaded: present.map(({ name }) => name),
      listeners,
      open: made.map(({ closed }) => !closed),
      results,
    };
  }

  return {
    setup,
    async perform(step) {
      trace = [];
      const outcome = await outcomeOf(step);
      if (unsettled) {
        unsettled = false;
        await Promise.resolve();
        await container.load([]);
      }
      return { outcome, trace, state: state() };
    },
  };
}

function textOf(cause: unknown): string {
  if (cause instanceof QppError) return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}

function faultText(fault: Fault | undefined): string | undefined {
  return fault && textOf(fault.cause);
}
