import {
  type Action,
  CAPACITY,
  type FabricModel,
  type FabricSetup,
  type FabricState,
  type ListeningLane,
  NESTED,
  type Step,
  type TraceEntry,
} from "../fabric.js";
import type { PluginShape } from "../graph.js";
import { planLoading, refuseDependents } from "./loading.js";

interface Installed {
  readonly name: string;
  readonly serial: number;
  /** What it found when it was installed, itself included. */
  readonly imports: ReadonlyMap<string, Installed>;
  readonly requires: readonly Installed[];
  /** Who listens to its callback. */
  listeners: Listening[];
  alive: boolean;
  calls: number;
  fault: string | undefined;
}

interface Listening {
  readonly by: Installed;
  readonly on: Installed;
  readonly fn: number;
  readonly lane: ListeningLane;
  live: boolean;
}

/**
 * What the fabric promises, as a few lists: the reference that a real one is held against.
 *
 * @example
 * ```ts
 * const model = createFabricModel({ graph: [{ name: "p0", requires: [], optional: [] }] });
 * model.perform({ kind: "load", plugins: [0] }).state.loaded; // ["p0"]
 * ```
 */
export function createFabricModel(setup: FabricSetup): FabricModel {
  const { graph, capacity = CAPACITY, policy = "uninstall" } = setup;
  /** By name, in load order; those that are gone stay until their name is loaded again. */
  const installed = new Map<string, Installed>();
  const made: Listening[] = [];
  const primed = new Map<string, { after: number; readonly action: Action }>();
  let trace: TraceEntry[] = [];
  let serial = 0;
  /** What is done when the step is over: rejections of promises are told, and then plugins are loaded. */
  let pending: ((() => void) | readonly number[])[] = [];

  const alive = (name: string): boolean => installed.get(name)?.alive === true;

  function load(positions: readonly number[], taken = alive): unknown {
    const requests = positions.flatMap((position) => graph[position] ?? []);
    const { order, refused, duplicates } = planLoading(requests, alive, taken);
    const loaded: string[] = [];
    for (const shape of order) {
      if (refused.has(shape.name)) continue;
      if (shape.throws) refused.set(shape.name, "QPP_INSTALL_FAILED");
      else loaded.push(install(shape));
      refuseDependents(order, refused);
    }
    const why = [...refused, ...duplicates.map((name) => [name, "QPP_DUPLICATE_PLUGIN"])];
    return { loaded, refused: why.map(([name, code]) => `${name} ${code}`).sort() };
  }

  function install({ name, requires, optional }: PluginShape): string {
    const found = [...requires, ...optional].flatMap((each) => installed.get(each) ?? []);
    const imports = new Map(found.filter((each) => each.alive).map((each) => [each.name, each]));
    const self: Installed = {
      name,
      serial: serial++,
      imports,
      requires: [...imports.values()].filter((each) => requires.includes(each.name)),
      listeners: [],
      alive: true,
      calls: 0,
      fault: undefined,
    };
    imports.set(name, self);
    installed.delete(name);
    installed.set(name, self);
    trace.push({ kind: "install", plugin: name });
    return name;
  }

  /** A plugin and all that cannot be without it, dependents first. */
  function goingWith(plugin: Installed): readonly Installed[] {
    const going = new Set([plugin]);
    for (const each of going) {
      for (const other of installed.values())
        if (other.alive && other.requires.includes(each)) going.add(other);
    }
    return [...going].sort((a, b) => b.serial - a.serial);
  }

  function unload(plugin: Installed | undefined, fault?: string): boolean {
    if (!plugin?.alive) return false;
    for (const each of goingWith(plugin)) {
      each.alive = false;
      each.fault ??= fault;
      drop((listening) => listening.by === each);
      trace.push({ kind: "dispose", plugin: each.name });
      for (const { by, fn, lane } of each.listeners) {
        if (lane !== "direct") trace.push({ kind: "complete", plugin: by.name, fn, on: each.name });
      }
      drop((listening) => listening.on === each);
    }
    return true;
  }

  function drop(which: (listening: Listening) => boolean): void {
    for (const each of made) if (each.live && which(each)) each.live = false;
    for (const each of installed.values()) each.listeners = each.listeners.filter(({ live }) => live);
  }

  function fail(by: Installed, cause: string, callback: string): void {
    if (by.alive) by.fault ??= cause;
    const lost = policy === "uninstall" && by.alive ? goingWith(by).map(({ name }) => name) : [];
    trace.push({ kind: "fault", plugin: by.name, callback, cause, lost });
    if (policy === "uninstall") unload(by, cause);
    if (policy === "abort") trace.push({ kind: "abort", plugin: by.name });
  }

  function listen(by: Installed, name: string, fn: number, lane: ListeningLane): string {
    const on = by.imports.get(name);
    if (on === undefined) return "absent";
    if (!by.alive) return "QPP_PLUGIN_GONE";
    if (!on.alive) return "closed";
    if (on.listeners.length >= capacity) return "QPP_CAPACITY";
    const listening = { by, on, fn, lane, live: true };
    on.listeners.push(listening);
    made.push(listening);
    return "added";
  }

  function remove(by: Installed, name: string, fn: number): boolean {
    const found = by.imports
      .get(name)
      ?.listeners.find((each) => each.by === by && each.fn === fn && each.lane === "direct");
    drop((each) => each === found);
    return found !== undefined;
  }

  function run(on: Installed, arg: number): void {
    trace.push({ kind: "run", on: on.name, arg });
    for (const listening of [...on.listeners]) if (listening.live) call(listening, arg);
    trace.push({ kind: "ran", on: on.name, arg });
  }

  function call(listening: Listening, arg: number): void {
    const { by, on, fn, lane } = listening;
    trace.push({ kind: "call", plugin: by.name, fn, lane, on: on.name, arg });
    by.calls++;
    const waiting = primed.get(`${by.name}.${fn}`);
    if (waiting === undefined || waiting.after-- !== 0) return;
    const problem = act(by, waiting.action, arg);
    if (problem === undefined) return;
    const failed = (): void => fail(by, problem, `${on.name}.on`);
    // What an operator throws ends its stream.
    if (lane === "operator") drop((each) => each === listening);
    if (waiting.action.kind === "reject" && lane !== "operator") pending.push(failed);
    else failed();
  }

  /** What is wrong with it, if anything. */
  function act(by: Installed, action: Action, arg: number): string | undefined {
    switch (action.kind) {
      case "throw":
      case "reject":
        return "boom";
      case "listen": {
        const outcome = listen(by, action.on, action.fn, action.lane);
        return outcome.startsWith("QPP") ? outcome : undefined;
      }
      case "run": {
        const on = installed.get(action.on);
        if (on) run(on, arg + NESTED);
        return undefined;
      }
      case "remove":
        remove(by, action.on, action.fn);
        return undefined;
      case "unsubscribe":
        drop((each) => each === made[action.index]);
        return undefined;
      case "unload":
        unload(installed.get(action.plugin));
        return undefined;
      case "load":
        pending.push(action.plugins);
        return undefined;
    }
  }

  function outcomeOf(step: Step): unknown {
    if (step.kind === "load") return load(step.plugins);
    if (step.kind === "unload") return unload(installed.get(step.plugin));
    if (step.kind === "unsubscribe") return drop((each) => each === made[step.index]);
    if (step.kind === "prime")
      return void primed.set(`${step.plugin}.${step.fn}`, { after: step.after, action: step.action });
    const plugin = installed.get(step.kind === "run" ? step.on : step.plugin);
    if (plugin === undefined) return "never loaded";
    if (step.kind === "listen") return listen(plugin, step.on, step.fn, step.lane);
    if (step.kind === "remove") return remove(plugin, step.on, step.fn);
    if (step.kind === "run") {
      for (let i = 0; i < step.times; i++) run(plugin, i);
      return undefined;
    }
    const on = plugin.imports.get(step.on);
    if (on === undefined) return "absent";
    return on.alive || on === plugin ? on.name : "QPP_PLUGIN_GONE";
  }

  function settle(): void {
    const first = pending.findIndex((each) => typeof each !== "function");
    let taken = new Set<string>();
    for (const [i, each] of pending.entries()) {
      // A name is asked for where it stands among the rejections; later loads wait for the first one.
      if (i === first) taken = new Set([...installed.keys()].filter(alive));
      if (typeof each === "function") each();
    }
    for (const [i, each] of pending.entries()) {
      if (typeof each !== "function") load(each, i === first ? (name) => taken.has(name) : alive);
    }
    pending = [];
  }

  function state(): FabricState {
    const present = [...installed.values()].filter((each) => each.alive);
    return {
      loaded: present.map(({ name }) => name),
      listeners: present.map(({ name, listeners }) => [name, countByPlugin(listeners)]),
      open: made.map(({ live }) => live),
      results: [...installed.values()].map(({ name, calls, fault }) => [name, calls, fault]),
    };
  }

  return {
    setup,
    perform(step) {
      trace = [];
      const outcome = outcomeOf(step);
      settle();
      return { outcome, trace, state: state() };
    },
  };
}

function countByPlugin(listeners: readonly Listening[]): string[] {
  const names = [...new Set(listeners.map(({ by }) => by.name))];
  return names.map((name) => {
    const its = listeners.filter(({ by }) => by.name === name);
    const direct = its.filter(({ lane }) => lane === "direct").length;
    return `${name}: ${direct}+${its.length - direct}`;
  });
}
