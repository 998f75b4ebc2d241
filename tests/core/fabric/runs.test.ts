import { describe, expect } from "vitest";
import {
  type Entry,
  entries,
  isQuiet,
  key,
  type Moment,
  property,
  runsOf,
  sizeOf,
  traceOf,
} from "./scenario.js";

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
