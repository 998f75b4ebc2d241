import type { Plugin } from "@qpp/core";
import { createRealFabric, createTestContainer, pluginGraphs, type ScenarioOptions } from "@qpp/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bare } from "../plugins.js";
import { entries, property, requirementsOf, SEQUENCES, shapeOf, traceOf } from "./scenario.js";

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
