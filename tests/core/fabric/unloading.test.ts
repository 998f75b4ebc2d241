import { describe, expect } from "vitest";
import { entries, property, requirementsOf, traceOf } from "./scenario.js";

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
