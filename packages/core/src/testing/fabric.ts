import type { FaultPolicy } from "../fault.js";
import type { PluginGraph } from "./graph.js";

/**
 * How a plugin listens: `direct` is `register`; `rx` is `subscribe`, where the work is done in the observer; `operator` is
 * `pipe(…).subscribe`, where it is done in an operator, so that what it throws ends the stream.
 */
export type ListeningLane = "direct" | "rx" | "operator";

/** What a listener does in the middle of a run, on behalf of its own plugin. */
export type Action =
  | { readonly kind: "throw" | "reject" }
  | { readonly kind: "listen"; readonly on: string; readonly fn: number; readonly lane: ListeningLane }
  | { readonly kind: "remove"; readonly on: string; readonly fn: number }
  | { readonly kind: "unsubscribe"; readonly index: number }
  | { readonly kind: "run"; readonly on: string }
  | { readonly kind: "unload"; readonly plugin: string }
  | { readonly kind: "load"; readonly plugins: readonly number[] };

/** One thing done to a wiring, as plain data. Each plugin has one callback, one function, and some listeners by number. */
export type Step =
  /** Loads plugins of the graph, by their positions in it. */
  | { readonly kind: "load"; readonly plugins: readonly number[] }
  | { readonly kind: "unload"; readonly plugin: string }
  /** Has `plugin` listen to the callback of `on` with its listener number `fn`. */
  | {
      readonly kind: "listen";
      readonly plugin: string;
      readonly on: string;
      readonly fn: number;
      readonly lane: ListeningLane;
    }
  /** Takes a direct listener back by its function. */
  | { readonly kind: "remove"; readonly plugin: string; readonly on: string; readonly fn: number }
  /** Takes back the subscription that was made as number `index`, of all there were. */
  | { readonly kind: "unsubscribe"; readonly index: number }
  /** Runs the callback of `on`, several times. */
  | { readonly kind: "run"; readonly on: string; readonly times: number }
  /** Has `plugin` call the function of `on`. */
  | { readonly kind: "call"; readonly plugin: string; readonly on: string }
  /** From now on, listener `fn` of `plugin` does `action` once, after being called `after` times. */
  | {
      readonly kind: "prime";
      readonly plugin: string;
      readonly fn: number;
      readonly after: number;
      readonly action: Action;
    };

/** What happens in a wiring, in order. */
export type TraceEntry =
  | { readonly kind: "install" | "dispose"; readonly plugin: string }
  | { readonly kind: "run" | "ran"; readonly on: string; readonly arg: number }
  | {
      readonly kind: "call";
      readonly plugin: string;
      readonly fn: number;
      readonly lane: ListeningLane;
      readonly on: string;
      readonly arg: number;
    }
  /** An Rx subscriber is told that the callback's owner is gone. */
  | { readonly kind: "complete"; readonly plugin: string; readonly fn: number; readonly on: string }
  | {
      readonly kind: "fault";
      readonly plugin: string;
      readonly callback: string | undefined;
      readonly cause: string;
      /** Who goes because of it, dependents first. */
      readonly lost: readonly string[];
    }
  | { readonly kind: "abort"; readonly plugin: string };

/** A wiring as it is after a step. */
export interface FabricState {
  /** Names of the loaded plugins, in load order. */
  readonly loaded: readonly string[];
  /** Who listens to each loaded plugin's callback, as `name: direct+rx`, in order of their first registration. */
  readonly listeners: readonly (readonly [owner: string, listeners: readonly string[]])[];
  /** Of each subscription that was ever made, whether it is open. */
  readonly open: readonly boolean[];
  /** What each plugin that ever ran has to show: how often its listeners were called, and the first fault. */
  readonly results: readonly (readonly [name: string, calls: number, fault: string | undefined])[];
}

/** What came of a step, what happened, and how things are then. */
export interface Observation {
  readonly outcome: unknown;
  readonly trace: readonly TraceEntry[];
  readonly state: FabricState;
}

/** How a wiring is set up. */
export interface FabricSetup {
  readonly graph: PluginGraph;
  /** How many listeners each callback takes; 4 unless told. */
  readonly capacity?: number;
  /** `uninstall` unless told. */
  readonly policy?: FaultPolicy;
}

/** A wiring that steps can be done to: the real one, or the model. */
export interface Fabric {
  readonly setup: FabricSetup;
  /** Does a step, and waits for what it has started. */
  perform(step: Step): Observation | Promise<Observation>;
}

/** A wiring that is there only in the mind. */
export interface FabricModel extends Fabric {
  perform(step: Step): Observation;
}

/** A wiring that is there. */
export interface RealFabric extends Fabric {
  perform(step: Step): Promise<Observation>;
}

/** How many listeners each plugin has. */
export const LISTENERS = 2;

/** What a nested run adds to its argument. */
export const NESTED = 1000;

/** {@link FabricSetup.capacity} unless told. */
export const CAPACITY = 4;
