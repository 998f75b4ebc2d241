import {
  callback,
  contract,
  createContainer,
  type Fault,
  type Plugin,
  PluginGoneError,
  plugin,
} from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import { expect, test } from "vitest";
import { bare, machine, qppSrv, server } from "./plugins.js";

test("functions of a plugin that is gone throw a typed error, held ones too", async () => {
  const { container, load } = createTestContainer();
  let doAdd: (x: number) => number = () => 0;
  const user = plugin("user", {
    optional: { srv: qppSrv },
    install({ srv }) {
      if (srv) doAdd = srv.doAdd;
    },
  });
  await load(server, user);
  expect(doAdd(1)).toBe(2);
  container.uninstall("qpp_srv");
  expect(() => doAdd(1)).toThrow(PluginGoneError);
  expect(() => doAdd(1)).toThrow(
    'function "qpp_srv.doAdd" cannot be called: plugin "qpp_srv" has been uninstalled',
  );
});

test("uninstalling takes dependents first; dispose is called once, the latest registration first", async () => {
  const order: string[] = [];
  const leaf = (name: string, requires: readonly string[] = []): Plugin =>
    plugin(name, {
      requires: Object.fromEntries(requires.map((each) => [`r_${each}`, contract(each)])),
      install(context) {
        context.onDispose(() => void order.push(`${name} first, disposed ${context.disposed}`));
        context.onDispose(() => void order.push(`${name} second`));
        expect(context.disposed).toBe(false);
      },
    });
  const { container, load } = createTestContainer();
  await load(leaf("a"), leaf("b", ["a"]), leaf("c", ["b"]), leaf("d"));
  expect(container.uninstall("a")).toBe(true);
  expect(container.uninstall("a")).toBe(false);
  expect(container.uninstall("c")).toBe(false);
  expect(order).toEqual(
    ["c", "b", "a"].flatMap((name) => [`${name} second`, `${name} first, disposed true`]),
  );
  expect(container.describe().plugins.map(({ name }) => name)).toEqual(["d"]);
  await load(leaf("a"));
  expect(container.get("a")).toBeDefined();
});

test("a dispose that throws is a fault, and the others still run, before the callbacks complete", async () => {
  const done: string[] = [];
  const { container, load, faults } = createTestContainer();
  const x = contract("x", { callbacks: { on: callback<[]>() } });
  await load(
    plugin(x, {
      install({ onDispose }) {
        onDispose(() => void done.push("first"));
        onDispose(() => {
          throw new Error("in dispose");
        });
        onDispose(() => {
          expect(container.uninstall("x")).toBe(false);
        });
      },
    }),
  );
  container.use(x).on.subscribe({ complete: () => done.push("complete") });
  container.uninstall("x");
  expect(done).toEqual(["first", "complete"]);
  expect(faults).toMatchObject([{ plugin: "x", where: "dispose", cause: { message: "in dispose" } }]);
});

test("a plugin that is loaded again is the last in load order", async () => {
  const { container, load } = createTestContainer();
  await load(bare("a"), bare("b"));
  container.uninstall("a");
  await load(bare("a"));
  expect(container.describe().plugins.map(({ name }) => name)).toEqual(["b", "a"]);
});

test("results and summaries: what throws is a fault of its plugin, and the others are still there", async () => {
  const { container, load, faults } = createTestContainer();
  const counter = (name: string, failing: boolean, requires: readonly string[] = []): Plugin =>
    plugin(name, {
      requires: Object.fromEntries(requires.map((each) => [`r_${each}`, contract(each)])),
      install({ report, summary }) {
        report(() => {
          if (failing) throw new Error("cannot count");
          return { name };
        });
        summary(() => `table of ${name}`);
      },
    });
  await load(
    counter("a", false),
    counter("b", true),
    counter("c", false, ["b"]),
    counter("d", false),
    bare("silent"),
  );
  const results = container.results();
  expect([...results.keys()]).toEqual(["a", "b", "d", "c"]);
  expect(results.get("a")).toEqual({ result: { name: "a" } });
  expect(results.get("b")).toEqual({ fault: faults[0] });
  expect(results.get("c")).toEqual({ result: { name: "c" }, fault: faults[0] });
  expect(faults).toMatchObject([{ plugin: "b", where: "report", cause: { message: "cannot count" } }]);
  expect(container.faults).toEqual(faults);
  expect([...container.summaries()]).toEqual(["a", "b", "d", "c"].map((name) => [name, `table of ${name}`]));
  expect([...container.results()]).toEqual([...results]);
});

test("a summary that throws is a fault; undefined is no summary", async () => {
  const { container, load, faults } = createTestContainer({ onFault: "report" });
  await load(
    plugin("a", {
      install({ summary }) {
        summary(() => {
          throw new Error("no table");
        });
      },
    }),
    plugin("b", { install: ({ summary }) => summary(() => undefined) }),
    plugin("c", { install: ({ summary }) => summary(() => "text") }),
  );
  expect([...container.summaries()]).toEqual([["c", "text"]]);
  expect(faults).toMatchObject([{ plugin: "a", where: "summary" }]);
  expect(container.results().get("a")).toEqual({ fault: faults[0] });
});

test("nothing is lost when a plugin is uninstalled, by a fault or otherwise; a reload starts anew", async () => {
  const { container, load } = createTestContainer();
  let boom: () => void = () => {};
  const bad = plugin(machine, {
    install({ callbacks, report, summary }) {
      let count = 0;
      callbacks.exited.register((code) => {
        count++;
        if (code === 13) throw new Error("unlucky");
      });
      report(() => ({ count }));
      summary(() => `${count} in all`);
      callbacks.exited.run(1);
      boom = () => callbacks.exited.run(13);
    },
  });
  await load(bad);
  boom();
  boom();
  expect(container.get("machine")).toBeUndefined();
  expect(container.results().get("machine")).toMatchObject({
    result: { count: 2 },
    fault: { cause: { message: "unlucky" } },
  });
  expect(container.summaries().get("machine")).toBe("2 in all");
  await load(bad);
  expect(container.results().get("machine")).toEqual({ result: { count: 1 } });
  container.uninstall("machine");
  expect(container.results().get("machine")).toEqual({ result: { count: 1 } });
});

test("a plugin is asked for what it has when it goes, and never again; not at all if it was never there", async () => {
  const { container, load } = createTestContainer();
  let asked = 0;
  const asking = (fails: boolean): Plugin =>
    plugin("asked", {
      install({ report, summary }) {
        report(() => ++asked);
        summary(() => `asked ${++asked} times`);
        if (fails) throw new Error("not today");
      },
    });
  await container.load([{ plugin: asking(true) }]);
  expect(asked).toBe(0);
  await load(asking(false));
  container.uninstall("asked");
  for (let i = 0; i < 2; i++) {
    expect([...container.results()]).toEqual([["asked", { result: 1 }]]);
    expect([...container.summaries()]).toEqual([["asked", "asked 2 times"]]);
  }
  expect(asked).toBe(2);
});

test("a plugin that takes out what it requires while it goes itself still goes in order", async () => {
  const log: string[] = [];
  const leaving = contract("leaving", { callbacks: { on: callback<[]>() } });
  const { container, load } = createTestContainer();
  const base = plugin("base", { install: ({ onDispose }) => onDispose(() => void log.push("base")) });
  const user = plugin(leaving, {
    requires: { base: contract("base") },
    install({ onDispose }) {
      onDispose(() => void log.push("first"));
      onDispose(() => void log.push(`base there: ${container.uninstall("base")}`));
    },
  });
  await load(base, user);
  container.use(leaving).on.subscribe({ complete: () => log.push("complete") });
  expect(container.uninstall("leaving")).toBe(true);
  expect(log).toEqual(["base", "base there: true", "first", "complete"]);
  expect(container.describe().plugins).toEqual([]);
});

test("the policy abort needs a host that can", () => {
  const host = { log() {}, fault() {} };
  expect(() => createContainer({ host, onFault: "abort" })).toThrow(
    expect.objectContaining({ code: "QPP_BAD_DEFINITION" }),
  );
});

test("at most a thousand faults are kept; the host hears of all", async () => {
  const { container, load, faults } = createTestContainer({ onFault: "report" });
  let run: (code: number) => void = () => {};
  await load(
    plugin(machine, {
      install({ callbacks }) {
        callbacks.exited.register(() => {
          throw new Error("always");
        });
        run = callbacks.exited.run;
      },
    }),
  );
  for (let i = 0; i < 1500; i++) run(i);
  expect(faults).toHaveLength(1500);
  expect(container.faults).toEqual(faults.slice(0, 1000) as Fault[]);
});

test("a fault tells how far the run had come, and who is lost by it", async () => {
  const told: Fault[] = [];
  let progress = 0;
  const container = createContainer({
    host: { log() {}, fault: (fault) => told.push(fault), progress: () => progress },
  });
  let run: (code: number) => void = () => {};
  let fail: () => void = () => {};
  const owner = plugin(machine, {
    install({ callbacks, onDispose }) {
      run = callbacks.exited.run;
      onDispose(() => {
        throw new Error("in dispose");
      });
    },
  });
  const faulty = plugin(qppSrv, {
    requires: { machine },
    install({ machine, callbacks }) {
      machine.exited.register((code) => {
        if (code === 3) throw new Error("three");
      });
      fail = () => callbacks.onExit.run(0, true);
      return { doAdd: (x) => x, doSub: (x) => x };
    },
  });
  const requests = [owner, faulty, bare("a", ["qpp_srv"]), bare("b", ["a"]), bare("apart")];
  await container.load(requests.map((each) => ({ plugin: each })));
  for (progress = 1; progress < 5; progress++) run(progress);
  fail();
  container.uninstall("machine");
  expect(told.map(({ plugin: who, at, lost }) => [who, at, lost])).toEqual([
    ["qpp_srv", 3, ["b", "a", "qpp_srv"]],
    ["machine", 5, []],
  ]);
  await container.load([{ plugin: owner }]);
  const cause = new Error("of the host's own");
  container.use(machine).exited.register(() => {
    throw cause;
  });
  run(0);
  expect(told.slice(2)).toEqual([
    {
      plugin: "(host)",
      callback: "machine.exited",
      where: 'callback "machine.exited"',
      cause,
      at: 5,
      lost: [],
      message: 'plugin "(host)" failed in callback "machine.exited": Error: of the host\'s own',
    },
  ]);
  expect(container.results().get("b")?.fault).toBe(told[0]);
  expect(container.results().has("apart")).toBe(false);
});
