import { callback, contract, createContainer } from "@qpp/core";
import {
  type ContainerFactory,
  createCheckedFabric,
  createFabricModel,
  createRealFabric,
  createTestContainer,
  FabricMismatchError,
  type FabricSetup,
  fakePlugin,
  pluginGraphs,
  type Step,
  scenarios,
} from "@qpp/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bare } from "../plugins.js";

const one: FabricSetup = { graph: [{ name: "p0", requires: [], optional: [] }], policy: "report" };
const load: Step = { kind: "load", plugins: [0] };

/** Steps after which a listener of `p0` throws when its callback runs. */
const toThrow: readonly Step[] = [
  load,
  { kind: "listen", plugin: "p0", on: "p0", fn: 0, lane: "direct" },
  { kind: "prime", plugin: "p0", fn: 0, after: 0, action: { kind: "throw" } },
];

describe("a checked fabric", () => {
  it("has nothing to load at positions that are none of the graph's", async () => {
    const { outcome, state } = await createCheckedFabric(one).perform({ kind: "load", plugins: [7] });
    expect(outcome).toEqual({ loaded: [], refused: [] });
    expect(state.loaded).toEqual([]);
  });

  it("agrees with its model where much is wrong with the graph, in whatever order it is asked for", async () => {
    const graph = [
      { name: "p0", requires: ["p1"], optional: [] },
      { name: "p1", requires: ["p2"], optional: [] },
      { name: "p2", requires: ["p1"], optional: [] },
      { name: "p3", requires: ["p3"], optional: [] },
      { name: "p4", requires: [], optional: [], throws: true },
      { name: "p5", requires: ["p4"], optional: [] },
      { name: "p6", requires: ["missing0"], optional: [] },
      { name: "p7", requires: [], optional: ["p8"] },
      { name: "p7", requires: [], optional: [] },
    ];
    for (const plugins of [
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]) {
      const fabric = createCheckedFabric({ graph });
      expect((await fabric.perform({ kind: "load", plugins })).outcome).toEqual({
        loaded: ["p7"],
        refused: [
          "p0 QPP_REFUSED_REQUIREMENT",
          "p1 QPP_CYCLE",
          "p2 QPP_CYCLE",
          "p3 QPP_SELF_REQUIREMENT",
          "p4 QPP_INSTALL_FAILED",
          "p5 QPP_REFUSED_REQUIREMENT",
          "p6 QPP_MISSING_REQUIREMENT",
          "p7 QPP_DUPLICATE_PLUGIN",
        ],
      });
    }
  });

  it("agrees with its model on what a plugin does to what it does not have", async () => {
    const fabric = createCheckedFabric({
      graph: ["p0", "p1"].map((name) => ({ name, requires: [], optional: [] })),
    });
    await fabric.perform({ kind: "load", plugins: [0, 1] });
    const to = { plugin: "p0", on: "p1" };
    expect((await fabric.perform({ kind: "listen", ...to, fn: 0, lane: "rx" })).outcome).toBe("absent");
    expect((await fabric.perform({ kind: "remove", ...to, fn: 0 })).outcome).toBe(false);
    expect((await fabric.perform({ kind: "call", ...to })).outcome).toBe("absent");
  });

  it("agrees with its model on who is told that a callback ends", async () => {
    const fabric = createCheckedFabric({
      graph: [...one.graph, { name: "p1", requires: [], optional: ["p0"] }],
    });
    await fabric.perform({ kind: "load", plugins: [0, 1] });
    for (const lane of ["direct", "rx", "operator"] as const)
      await fabric.perform({ kind: "listen", plugin: "p1", on: "p0", fn: 0, lane });
    const told = { kind: "complete", plugin: "p1", fn: 0, on: "p0" };
    expect((await fabric.perform({ kind: "unload", plugin: "p0" })).trace).toEqual([
      { kind: "dispose", plugin: "p0" },
      told,
      told,
    ]);
  });

  it("agrees with its model on a listener that takes itself back, and on two loads in one run", async () => {
    const fabric = createCheckedFabric(one);
    await fabric.perform(load);
    for (const fn of [0, 1])
      await fabric.perform({ kind: "listen", plugin: "p0", on: "p0", fn, lane: "direct" });
    for (const fn of [0, 1])
      await fabric.perform({
        kind: "prime",
        plugin: "p0",
        fn,
        after: 0,
        action: { kind: "load", plugins: [0] },
      });
    const { state } = await fabric.perform({ kind: "run", on: "p0", times: 1 });
    expect(state.listeners).toEqual([["p0", ["p0: 2+0"]]]);
    const remove = { kind: "remove", on: "p0", fn: 1 } as const;
    await fabric.perform({ kind: "prime", plugin: "p0", fn: 1, after: 0, action: remove });
    const { state: after } = await fabric.perform({ kind: "run", on: "p0", times: 1 });
    expect(after.listeners).toEqual([["p0", ["p0: 1+0"]]]);
  });

  it("agrees with its model on a promise that is rejected when its plugin is gone", async () => {
    const fabric = createCheckedFabric({ graph: one.graph });
    await fabric.perform(load);
    const actions = [{ kind: "reject" }, { kind: "unload", plugin: "p0" }] as const;
    for (const [fn, action] of actions.entries()) {
      await fabric.perform({ kind: "listen", plugin: "p0", on: "p0", fn, lane: "direct" });
      await fabric.perform({ kind: "prime", plugin: "p0", fn, after: 0, action });
    }
    const { trace, state } = await fabric.perform({ kind: "run", on: "p0", times: 1 });
    expect(trace.at(-1)).toEqual({ kind: "fault", plugin: "p0", callback: "p0.on", cause: "boom", lost: [] });
    expect(state.results).toEqual([["p0", 2, undefined]]);
  });

  it("does nothing where it is to run the callback of a plugin that was never loaded", async () => {
    const fabric = createCheckedFabric({ graph: [...one.graph, { name: "p1", requires: [], optional: [] }] });
    for (const step of toThrow.slice(0, 2)) await fabric.perform(step);
    await fabric.perform({ kind: "prime", plugin: "p0", fn: 0, after: 0, action: { kind: "run", on: "p1" } });
    expect((await fabric.perform({ kind: "run", on: "p0", times: 1 })).trace).toMatchObject([
      { kind: "run" },
      { kind: "call" },
      { kind: "ran" },
    ]);
    expect((await fabric.perform({ kind: "run", on: "p1", times: 1 })).outcome).toBe("never loaded");
  });

  it("tells what is too much at the end of a trace", async () => {
    const twice: ContainerFactory = (options) =>
      createContainer({
        ...options,
        host: {
          ...options.host,
          fault(fault) {
            options.host.fault(fault);
            options.host.fault({ ...fault, cause: "once more" });
          },
        },
      });
    const fabric = createCheckedFabric(one, twice);
    for (const step of toThrow) await fabric.perform(step);
    const run = fabric.perform({ kind: "run", on: "p0", times: 1 });
    await expect(run).rejects.toThrow(FabricMismatchError);
    await expect(run).rejects.toThrow(
      [
        'after {"kind":"run","on":"p0","times":1} the trace is not what it should be',
        '  expected [{"kind":"ran","on":"p0","arg":0}]',
        '  got      [{"kind":"fault","plugin":"p0","callback":"p0.on","cause":"once more","lost":[]},{"kind":"ran","on":"p0","arg":0}]',
      ].join("\n"),
    );
  });

  it("tells that a trace goes on where it should have ended", async () => {
    const talkative: ContainerFactory = (options) => {
      const container = createContainer(options);
      return {
        ...bound(container),
        uninstall(name) {
          const there = container.uninstall(name);
          options.host.abort?.({ plugin: name } as never);
          return there;
        },
      };
    };
    const fabric = createCheckedFabric(one, talkative);
    await fabric.perform(load);
    await expect(fabric.perform({ kind: "unload", plugin: "p0" })).rejects.toThrow(
      '  expected []\n  got      [{"kind":"abort","plugin":"p0"}]',
    );
  });
});

/** The functions of a container, to be replaced one by one. */
function bound(container: ReturnType<typeof createContainer>): ReturnType<typeof createContainer> {
  return {
    load: (requests) => container.load(requests),
    uninstall: (name) => container.uninstall(name),
    get: (name) => container.get(name),
    use: (wanted) => container.use(wanted),
    results: () => container.results(),
    summaries: () => container.summaries(),
    finishFiles: () => container.finishFiles(),
    describe: () => container.describe(),
    countRuns: () => container.countRuns(),
    faults: container.faults,
  };
}

describe("a real fabric", () => {
  it("leaves what plugins say out of the trace", async () => {
    const fabric = createRealFabric(one, (options) => {
      options.host.log("p0", "hello");
      return createContainer(options);
    });
    expect((await fabric.perform(load)).trace).toEqual([{ kind: "install", plugin: "p0" }]);
  });
});

describe("a scenario", () => {
  it("is about graphs with all that was asked for", async () => {
    const graphs = fc
      .sample(pluginGraphs({ clashes: true, throwing: true }), { numRuns: 100, seed: 1 })
      .flat();
    expect(graphs.some(({ throws }) => throws)).toBe(true);
    expect(graphs.some(({ throws }) => !throws)).toBe(true);
    let absent = 0;
    for (const scenario of fc.sample(scenarios({ clashes: true }), { numRuns: 100, seed: 1 })) {
      const names = new Set(scenario.setup.graph.map(({ name }) => name));
      await scenario.play((setup) => {
        const model = createFabricModel(setup);
        return {
          setup,
          perform(step) {
            const observation = model.perform(step);
            // Another plugin has taken its name: it can have no listeners but its own.
            if (step.kind === "listen" && !names.has(step.plugin)) {
              absent++;
              expect([step.on, observation.outcome]).toEqual([step.plugin, "never loaded"]);
            }
            return observation;
          },
        };
      });
    }
    expect(absent).toBeGreaterThan(0);
  });

  it("is printed as the script of what it did last", async () => {
    const broken = async (): Promise<void> => {
      await fc.assert(
        fc.asyncProperty(scenarios({ size: 1 }), async (scenario) => {
          await scenario.play(createFabricModel);
          throw new Error("whatever it does");
        }),
        { numRuns: 1, seed: 1 },
      );
    };
    await expect(broken()).rejects.toThrow(
      /Counterexample: \[\nimport \{ createCheckedFabric \} from "@qpp\/core\/testing";\n\nconst fabric = createCheckedFabric\(\{/,
    );
  });
});

describe("a test container", () => {
  it("says why what must load does not", async () => {
    const { load: loadAll } = createTestContainer();
    await expect(loadAll(bare("a"), bare("b", ["c"]))).rejects.toMatchObject({
      code: "QPP_MISSING_REQUIREMENT",
      missing: "c",
    });
  });
});

describe("a fake plugin", () => {
  it("has no callbacks before it is loaded", async () => {
    const fake = fakePlugin(contract("bus", { callbacks: { event: callback<[value: number]>() } }));
    expect(() => fake.callbacks).toThrow('the fake "bus" has no callbacks before it is loaded');
    const { container, load: loadAll } = createTestContainer();
    await loadAll(fake.plugin);
    const heard: number[] = [];
    container
      .use(contract("bus", { callbacks: { event: callback<[value: number]>() } }))
      .event.register((value) => void heard.push(value));
    fake.callbacks.event.run(3);
    expect(heard).toEqual([3]);
  });
});
