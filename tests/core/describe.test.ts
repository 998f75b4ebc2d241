import {
  BadArgumentError,
  type Container,
  callback,
  contract,
  createContainer,
  type Plugin,
  perConsumer,
  plugin,
  type QppError,
  value,
} from "@qpp/core";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { numRuns } from "./num-runs.js";

const ticks = contract("ticks", {
  callbacks: { tick: callback<[n: number]>(), ask: callback<[], boolean>({ combine: "any" }) },
});

/** A container, and the plugin `ticks` as something to be run by hand. */
function bench(): { container: Container; clock: Plugin; tick(n?: number): void; ask(): boolean } {
  const own = { tick: (_n: number): void => {}, ask: (): boolean => false };
  const clock = plugin(ticks, {
    install({ callbacks }) {
      own.tick = callbacks.tick.run;
      own.ask = callbacks.ask.run;
    },
  });
  const host = { log: () => {}, fault: () => {} };
  return {
    container: createContainer({ host }),
    clock,
    tick: (n = 0) => own.tick(n),
    ask: () => own.ask(),
  };
}

function runs(container: Container): unknown {
  return Object.fromEntries(container.get("ticks")?.callbacks.map((each) => [each.name, each.runs]) ?? []);
}

describe("counting runs", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("nothing is counted until it is asked for; then every run, heard or not", async () => {
    const { container, clock, tick, ask } = bench();
    await container.load([{ plugin: clock }]);
    const imports = container.use(ticks);
    imports.tick.register(() => {});
    for (let i = 0; i < 100; i++) tick();
    expect(runs(container)).toEqual({ tick: undefined, ask: undefined });
    container.countRuns();
    for (let i = 0; i < 100; i++) tick();
    for (let i = 0; i < 7; i++) expect(ask()).toBe(false);
    expect(runs(container)).toEqual({ tick: 100, ask: 7 });
    container.countRuns();
    expect(runs(container)).toEqual({ tick: 100, ask: 7 });
  });

  test("those of plugins that are loaded later, too", async () => {
    const { container, clock, tick } = bench();
    container.countRuns();
    await container.load([{ plugin: clock }]);
    tick();
    expect(runs(container)).toEqual({ tick: 1, ask: 0 });
  });

  test.each([
    ["with generated dispatchers", false],
    ["where code generation is forbidden", true],
  ])(
    "is exact and changes nothing while listeners come, go, nest and throw: %s",
    async (_name, forbidden) => {
      if (forbidden) {
        vi.stubGlobal("Function", function forbid() {
          throw new EvalError("Code generation from strings disallowed for this context");
        });
      }
      const step = fc.constantFrom("run", "many", "register", "subscribe", "drop", "nest", "throw", "count");
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const seen: (readonly (number | string)[])[] = [];
          const played: number[] = [];
          for (const counting of [false, true]) {
            const { container, clock, tick } = bench();
            await container.load([{ plugin: clock }]);
            if (counting) container.countRuns();
            const imports = container.use(ticks);
            const heard: (number | string)[] = [];
            const open: { unsubscribe(): void }[] = [];
            let done = 0;
            const run = (n: number): void => {
              done++;
              tick(n);
            };
            for (const [i, what] of steps.entries()) {
              if (what === "run") run(i);
              if (what === "many") for (let n = 0; n < 20; n++) run(n);
              if (what === "register") open.push(imports.tick.register((n) => void heard.push(`${i}:${n}`)));
              if (what === "subscribe")
                open.push(imports.tick.subscribe(([n]) => void heard.push(`${i}:${n}`)));
              if (what === "drop") open.shift()?.unsubscribe();
              if (what === "nest")
                open.push(
                  imports.tick.register((n) => {
                    if (n >= 0) run(-1);
                  }),
                );
              if (what === "throw")
                open.push(
                  imports.tick.register(() => {
                    throw new Error("no");
                  }),
                );
              // Asking once more, in the middle of a run that is under way, changes nothing.
              if (what === "count")
                open.push(imports.tick.register(() => void (counting && container.countRuns())));
            }
            seen.push(heard);
            played.push(done);
            if (counting) expect(container.get("ticks")?.callbacks[0]?.runs).toBe(done);
          }
          expect(seen[1]).toEqual(seen[0]);
          expect(played[1]).toBe(played[0]);
        }),
        { numRuns: numRuns(forbidden ? 100 : 300) },
      );
    },
  );
});

test("a requirement is met as long as the plugin has it", async () => {
  const { container, clock } = bench();
  const user = plugin("user", { optional: { ticks }, install() {} });
  const met = (): unknown => container.get("user")?.requires.map((each) => each.met);
  await container.load([{ plugin: user }, { plugin: clock }]);
  expect(met()).toEqual([true]);
  container.uninstall("ticks");
  expect(met()).toEqual([false]);
  // It is there again, but the user's imports are those of the one before.
  await container.load([{ plugin: clock }]);
  expect(met()).toEqual([false]);
});

test("what is attached to a value is told as long as it is", async () => {
  const { container } = bench();
  const clock = contract("clock", { values: { hours: value<{ at(lane: string): () => void }>() } });
  const off: (() => void)[] = [];
  const owner = plugin(clock, {
    install: () => ({
      hours: perConsumer((consumer) => ({
        at: (lane: string) => consumer.add(() => {}, { to: "clock.hours", lane }),
      })),
    }),
  });
  const user = plugin("user", {
    requires: { clock },
    install({ clock, onDispose }) {
      onDispose(() => {});
      for (const lane of ["direct", "batch", "direct"]) off.push(clock.hours.at(lane));
    },
  });
  await container.load([{ plugin: owner }, { plugin: user }]);
  const told = (): unknown => container.get("user")?.attachments;
  expect(told()).toEqual([
    { to: "clock.hours", lane: "direct", count: 2 },
    { to: "clock.hours", lane: "batch", count: 1 },
  ]);
  off[0]?.();
  off[1]?.();
  expect(told()).toEqual([{ to: "clock.hours", lane: "direct", count: 1 }]);
  expect(container.get("clock")?.attachments).toEqual([]);
});

describe("problems", () => {
  const picky = {
    "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message: "never" }] }) },
  } as const;
  const other = contract("ticks", {
    callbacks: { tock: callback<[]>() },
    values: { face: { kind: "value" } as never },
  });
  const node = (name: string, requires: readonly string[], more: object = {}): { plugin: Plugin } => ({
    plugin: plugin(name, {
      requires: Object.fromEntries(requires.map((each) => [each, contract(each)])),
      install() {},
      ...more,
    }),
  });
  const told = (problems: readonly QppError[]): string[] =>
    problems
      .map(({ code, plugin, message }) =>
        `${code} ${plugin} ${/"?(ticks\.\w+|missing\d)/.exec(message)?.[1] ?? ""}`.trim(),
      )
      .sort();

  test("are told all at once, though each plugin is refused for the first one", async () => {
    const { container, clock } = bench();
    const report = await container.load([
      { plugin: clock },
      { plugin: clock },
      node("a", ["missing1", "missing2", "b"], { args: picky }),
      node("b", ["a"]),
      node("on_top", ["b"], { args: picky }),
      { plugin: plugin("wrong_version", { requires: { other }, install() {} }) },
      node("self", ["self"]),
      node("thrower", [], {
        install() {
          throw new Error("no");
        },
      }),
      { ...node("plain", []), args: { any: "thing" } },
    ]);
    expect(report.loaded).toEqual(["ticks"]);
    expect(told(report.problems)).toEqual([
      "QPP_BAD_ARGUMENT a",
      "QPP_BAD_ARGUMENT on_top",
      "QPP_BAD_ARGUMENT plain",
      "QPP_CONTRACT_MISMATCH wrong_version ticks.face",
      "QPP_CONTRACT_MISMATCH wrong_version ticks.tock",
      "QPP_CYCLE a",
      "QPP_DUPLICATE_PLUGIN ticks",
      "QPP_INSTALL_FAILED thrower",
      "QPP_MISSING_REQUIREMENT a missing1",
      "QPP_MISSING_REQUIREMENT a missing2",
      "QPP_SELF_REQUIREMENT self",
    ]);
    expect(report.refused.find((each) => each.plugin === "a")?.error).toBe(
      report.problems.find((each) => each.plugin === "a" && !(each instanceof BadArgumentError)),
    );
  });

  test("cycles that meet in one plugin are all told", async () => {
    const { container } = bench();
    const { problems } = await container.load([node("a", ["b", "c"]), node("b", ["a"]), node("c", ["a"])]);
    expect(problems.map((each) => each.requiredBy)).toEqual([
      ["a", "b"],
      ["a", "c"],
    ]);
  });

  test("once those of a wiring of any shape are set right, it loads", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const graph = fc.array(fc.uniqueArray(fc.constantFrom(...names, "missing1", "missing2")), {
      minLength: 5,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(graph, async (edges) => {
        const load = async (lists: readonly (readonly string[])[]): Promise<readonly QppError[]> => {
          const { container } = bench();
          const report = await container.load(lists.map((requires, i) => node(names[i] as string, requires)));
          expect(report.problems.length === 0).toBe(report.refused.length === 0);
          return report.problems;
        };
        const mended = edges.map((requires) => [...requires]);
        const cut = (from: string, to: string): void => {
          const list = mended[names.indexOf(from)] ?? [];
          // Told once: it is still there to be cut.
          expect(list).toContain(to);
          list.splice(list.indexOf(to), 1);
        };
        for (const problem of await load(edges)) {
          const [, missing] = /requires "(\w+)"/.exec(problem.message) ?? [];
          if (problem.code === "QPP_CYCLE")
            cut(problem.requiredBy.at(-1) as string, problem.requiredBy[0] as string);
          else
            cut(
              problem.plugin as string,
              problem.code === "QPP_SELF_REQUIREMENT" ? (problem.plugin as string) : (missing as string),
            );
        }
        // A cycle is told by one way around; where two share a step, the other one may need a second look.
        const left = await load(mended);
        expect(left.filter(({ code }) => code !== "QPP_CYCLE")).toEqual([]);
      }),
    );
  });
});
