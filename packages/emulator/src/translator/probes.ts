import { Exit } from "../interpreter/exit.js";
import { Ring, ringStride } from "../interpreter/operation.js";
import type { Probe } from "../interpreter/plan.js";
import { COMPARE, drain, event } from "../interpreter/probe-handlers.js";
import {
  FUEL,
  TRACE_ADDRESS,
  TRACE_LOADED_VALUE,
  TRACE_STORED,
  TRACE_STORED_VALUE,
} from "../memory/layout.js";
import type { BodyBuilder, Variable } from "../wasm/body.js";
import { type I32, i32, i64 } from "../wasm/expr.js";
import type { Traced } from "./emitter.js";
import { only, type ResourceSet } from "./resources.js";
import type { RegionState } from "./state.js";
import type { ProbeStep, Step, Steps } from "./steps.js";

/** Writes down what instruments a region. */
export interface ProbeEmitter {
  /** At the beginning of a node: every ring has room for what the node can put into it. */
  makeRoom(steps: Steps, live: ResourceSet): void;
  probe(step: ProbeStep, traced: Traced, reload: ResourceSet): void;
}

/** How many events a node can put into each ring. */
export function eventsByRing(steps: readonly Step[]): ReadonlyMap<number, number> {
  const events = new Map<number, number>();
  for (const step of steps) {
    if (step.kind !== "probe" || step.probe.kind !== "batch") continue;
    const { ring } = step.probe;
    events.set(ring, (events.get(ring) ?? 0) + 1);
  }
  return events;
}

/**
 * The constant columns of an event's record, as {@link RecordedValues} has them; undefined for those that are known when it
 * happens.
 */
function constantsOf({ probe, access }: ProbeStep): readonly (number | undefined)[] {
  if (probe.kind !== "batch") return [];
  if (access === undefined) return [probe.record];
  if (probe.values === "none") return [probe.record, undefined];
  return [undefined, undefined, probe.values === "wide" ? undefined : 0, probe.record];
}

/**
 * Events that come one after the other in their ring if the node is not left, by the first of them: a callback in between
 * may empty the ring, and what is conditional may not come.
 */
function runsOf(steps: readonly Step[]): ReadonlyMap<ProbeStep, readonly ProbeStep[]> {
  const runs = new Map<ProbeStep, readonly ProbeStep[]>();
  const open = new Map<number, ProbeStep[]>();
  for (const step of steps) {
    if (step.kind !== "probe") continue;
    const { probe } = step;
    if (probe.kind === "call" || probe.kind === "call-if") open.clear();
    if (probe.kind !== "batch") continue;
    const run = step.conditional ? undefined : open.get(probe.ring);
    if (run !== undefined) {
      run.push(step);
      continue;
    }
    const begun = [step];
    runs.set(step, begun);
    if (step.conditional) open.delete(probe.ring);
    else open.set(probe.ring, begun);
  }
  return runs;
}

type Called = Extract<Probe, { readonly kind: "call" | "call-if" }>;

/**
 * Makes the emitter of probes. `capacityOf` gives the events that a ring has room for; `afterCallback` is called where a
 * callback may have changed registers.
 */
export function createProbeEmitter(
  b: BodyBuilder,
  state: RegionState,
  capacityOf: (ring: number) => number,
  afterCallback: () => void,
): ProbeEmitter {
  const stride = (ring: number): number => ringStride(capacityOf(ring));

  /** One function for each place, so that amounts for one place add up before they are added. */
  const adders = new Map<string, (amount: bigint) => void>();
  function adder(name: string, add: (amount: bigint) => void): (amount: bigint) => void {
    const known = adders.get(name) ?? add;
    adders.set(name, known);
    return known;
  }

  function addToCell(cell: number, amount: bigint): void {
    const add = adder(`cell ${cell}`, (sum) => {
      const variable = state.cell(cell);
      if (variable !== undefined) b.set(variable, i64.add(variable, sum));
      else b.store(state.cells, i64.add(i64.load(state.cells, cell), sum), cell);
    });
    state.later(add, amount);
    markCell(cell);
  }

  function markCell(cell: number): void {
    const bit = state.resources.cell(cell);
    if (bit !== undefined) state.dirty |= only(bit);
  }

  /** By the first of them: events of one ring that come one after the other, whatever happens. */
  let runs: ReadonlyMap<ProbeStep, readonly ProbeStep[]> = new Map();

  /** What is known now of a run's events is written where they will be; they count once they happen. */
  function writeAhead(run: readonly ProbeStep[], end: Variable<"i32">, ring: number, first: number): void {
    const columns = run.map(constantsOf);
    for (const column of columns[0]?.keys() ?? []) {
      const offset = (at: number): number => column * stride(ring) + 4 * (first + at);
      for (let at = 0; at < columns.length; at++) {
        const value = columns[at]?.[column];
        const next = columns[at + 1]?.[column];
        if (value === undefined) continue;
        if (next === undefined) {
          b.store(end, i32.const(value), offset(at));
          continue;
        }
        b.store(end, i64.const((BigInt(next) << 32n) | BigInt(value)), offset(at));
        at++;
      }
    }
  }

  function record(step: ProbeStep, ring: number, columns: readonly I32[]): void {
    const end = state.ring(ring);
    const add = adder(`ring ${ring}`, (events) => b.set(end, i32.add(end, 4n * events)));
    const before = Number(state.later(add, 1n));
    const run = runs.get(step);
    if (run !== undefined) writeAhead(run, end, ring, before);
    const known = constantsOf(step);
    columns.forEach((value, column) => {
      if (known[column] === undefined) b.store(end, value, column * stride(ring) + 4 * before);
    });
    const bit = state.resources.ring(ring);
    if (bit !== undefined) state.dirty |= only(bit);
  }

  /** What comes back from the host: the registers that a callback may have changed, and less fuel if it is to stop. */
  function afterHost(reload: ResourceSet, nextOperation: number): void {
    state.load(reload);
    b.set(state.fuel, i64.load(0, FUEL));
    b.rarely(i64.le_s(state.fuel, 0), () => state.toHost(Exit.RESUME, nextOperation));
  }

  function expressAccess({ address, loaded, stored }: Traced): void {
    if (address === undefined) return;
    b.store(0, address, TRACE_ADDRESS);
    if (loaded !== undefined) b.store(0, loaded, TRACE_LOADED_VALUE);
    if (stored === undefined) return;
    b.store(0, stored, TRACE_STORED_VALUE);
    b.store(0, i32.const(1), TRACE_STORED);
  }

  function call(
    { pc, operation, nextOperation }: ProbeStep,
    { site, writes }: Called,
    traced: Traced,
    reload: ResourceSet,
  ): void {
    expressAccess(traced);
    state.expose(pc, operation);
    b.do(event, site);
    if (writes) afterCallback();
    afterHost(reload, nextOperation);
  }

  function emit(step: ProbeStep, probe: Probe, traced: Traced, reload: ResourceSet): void {
    switch (probe.kind) {
      case "count":
        addToCell(probe.cell, 1n);
        break;
      case "add":
        addToCell(probe.cell, probe.value);
        break;
      case "store": {
        state.settle();
        const variable = state.cell(probe.cell);
        if (variable !== undefined) b.set(variable, probe.value);
        else b.store(state.cells, i64.const(probe.value), probe.cell);
        markCell(probe.cell);
        break;
      }
      case "call":
        if (step.conditional) {
          state.settle();
          state.store();
        } else {
          state.flush();
        }
        call(step, probe, traced, reload);
        break;
      case "call-if": {
        state.settle();
        const value = state.cell(probe.cell) ?? i64.load(state.cells, probe.cell);
        b.if(COMPARE[probe.condition](value, BigInt.asIntN(64, probe.value)), () => {
          state.store();
          call(step, probe, traced, reload);
        });
        break;
      }
      case "batch": {
        const { access } = step;
        if (access === undefined) {
          record(step, probe.ring, [i32.const(probe.record)]);
          break;
        }
        const value = access === "load" ? traced.loaded : traced.stored;
        if (traced.address === undefined || value === undefined) {
          throw new Error(`the access at 0x${step.pc.toString(16)} is not traced`);
        }
        if (probe.values === "none") {
          record(step, probe.ring, [i32.const(probe.record), traced.address]);
          break;
        }
        record(step, probe.ring, [
          traced.address,
          i32.wrap_i64(value),
          i32.wrap_i64(i64.shr_u(value, 32)),
          i32.const(probe.record),
        ]);
        break;
      }
    }
  }

  return {
    makeRoom({ all, groups, firstOperation }, live) {
      runs = runsOf(all);
      const pc = groups[0]?.instruction.instruction.pc ?? 0;
      for (const [ring, events] of eventsByRing(all)) {
        const most = ring + Ring.COLUMNS + 4 * (capacityOf(ring) - events);
        b.rarely(i32.ge_u(state.ring(ring), most), () => {
          state.store();
          state.expose(pc, firstOperation);
          b.do(drain, ring);
          afterHost(live & state.resources.extras, firstOperation);
        });
      }
    },
    probe(step, traced, reload) {
      if (step.conditional && traced.hasStored !== undefined) {
        state.settle();
        b.if(traced.hasStored, () => {
          emit(step, step.probe, traced, reload);
          state.settle();
        });
        return;
      }
      emit(step, step.probe, traced, reload);
    },
  };
}
