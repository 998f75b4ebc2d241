import { callback, contract, fn, type Plugin, perConsumer, plugin, value } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import { filter, Subject } from "rxjs";
import { expect, test } from "vitest";
import { bare, machine, qppSrv, server } from "./plugins.js";

test("the pair of the RFC: a server's functions and callback, both lanes", async () => {
  const { container, said, faults } = createTestContainer();
  let exit: (code: number) => void = () => {};
  const fakeMachine = plugin(machine, {
    install({ callbacks }) {
      exit = callbacks.exited.run;
    },
  });
  const rfcServer = plugin(qppSrv, {
    requires: { machine },
    install({ machine, callbacks }) {
      machine.exited.register((code) => callbacks.onExit.run(code, code === 0));
      return { doAdd: (x) => x + 1, doSub: (x) => x - 1 };
    },
  });
  const client = plugin("qpp_client", {
    requires: { srv: qppSrv },
    install({ srv, log }) {
      log(srv.doAdd(1), srv.doSub(1));
      srv.onExit.register((code, clean) => log("direct", code, clean));
      srv.onExit.pipe(filter(([, clean]) => !clean)).subscribe(([code]) => log("rx", code));
    },
  });
  const report = await container.load([{ plugin: client }, { plugin: rfcServer }, { plugin: fakeMachine }]);
  expect(report).toEqual({ loaded: ["machine", "qpp_srv", "qpp_client"], refused: [], problems: [] });
  exit(0);
  exit(3);
  expect(said).toEqual([
    ["qpp_client", 2, 0],
    ["qpp_client", "direct", 0, true],
    ["qpp_client", "direct", 3, false],
    ["qpp_client", "rx", 3],
  ]);
  expect(faults).toEqual([]);
});

test("values: one for all, or one for each consumer, which is told when that consumer goes", async () => {
  interface Counter {
    add(n: number): void;
  }
  const store = contract("store", { values: { shared: value<number[]>(), counter: value<Counter>() } });
  const log: string[] = [];
  const owner = plugin(store, {
    install: () => ({
      shared: [1, 2],
      counter: perConsumer((consumer) => {
        log.push(`made for ${consumer.name}`);
        const forget = consumer.add(() => void log.push("never"));
        forget();
        consumer.add(() => void log.push(`${consumer.name} left, gone ${consumer.gone}`));
        return {
          add(n) {
            if (n < 0) consumer.fault("counter", new Error("negative"));
            else consumer.watch(n > 9 ? Promise.reject(new Error("late")) : n, "counter");
          },
        };
      }),
    }),
  });
  const counters: Counter[] = [];
  const user = (name: string): Plugin =>
    plugin(name, {
      requires: { store },
      install({ store }) {
        expect(store.counter).toBe(store.counter);
        expect(store.shared).toEqual([1, 2]);
        counters.push(store.counter);
      },
    });
  const { container, load, faults } = createTestContainer();
  await load(owner, user("a"), user("b"), bare("c", ["store"]));
  expect(log).toEqual(["made for a", "made for b"]);
  counters[0]?.add(-1);
  expect(faults).toMatchObject([
    { plugin: "a", where: "counter", cause: { message: "negative" }, callback: undefined },
  ]);
  expect(log.slice(2)).toEqual(["a left, gone true"]);
  counters[1]?.add(5);
  counters[1]?.add(10);
  await Promise.resolve();
  expect(container.get("b")).toBeUndefined();
  expect(log.slice(3)).toEqual(["b left, gone true"]);
  const held = container.use(store);
  container.uninstall("store");
  expect(() => held.shared).toThrow('value "store.shared" is not there: plugin "store" has been uninstalled');
});

test("values may be of any kind, and imports can be listed", async () => {
  const kinds = contract("kinds", {
    callbacks: { on: callback<[]>() },
    functions: { call: fn<() => void>() },
    values: { zero: value<number>(), text: value<string>(), none: value<null>(), list: value<number[]>() },
  });
  const { container, load } = createTestContainer();
  let context: object = {};
  await load(
    plugin(kinds, { install: () => ({ call: () => {}, zero: 0, text: "text", none: null, list: [1] }) }),
    plugin("user", {
      requires: { kinds },
      optional: { machine },
      install(given) {
        context = given;
      },
    }),
  );
  const { zero, text, none, list } = container.use(kinds);
  expect([zero, text, none, list]).toEqual([0, "text", null, [1]]);
  expect(Object.keys(container.use(kinds))).toEqual(["on", "call", "zero", "text", "none", "list"]);
  expect(Object.keys(context)).toEqual(expect.arrayContaining(["kinds", "machine"]));
});

test("a teardown may take another one back while the consumer goes", async () => {
  const pair = contract("pair", { values: { both: value<string>() } });
  const log: string[] = [];
  const { container, load } = createTestContainer();
  await load(
    plugin(pair, {
      install: () => ({
        both: perConsumer((consumer) => {
          const forget = consumer.add(() => void log.push("first"));
          consumer.add(() => {
            log.push("second");
            forget();
          });
          return consumer.name;
        }),
      }),
    }),
    plugin("user", { requires: { pair }, install: ({ pair, log: say }) => say(pair.both) }),
  );
  container.uninstall("user");
  expect(log).toEqual(["second"]);
});

test("what is added for a consumer that is gone is torn down at once", async () => {
  const late = contract("late", { values: { attach: value<() => string>() } });
  const log: string[] = [];
  let attach: () => string = () => "";
  const { container, load } = createTestContainer();
  await load(
    plugin(late, {
      install: () => ({
        attach: perConsumer((consumer) => () => {
          consumer.add(() => void log.push("torn down"));
          return consumer.name;
        }),
      }),
    }),
    plugin("user", {
      requires: { late },
      install({ late }) {
        attach = late.attach;
      },
    }),
  );
  attach();
  expect(log).toEqual([]);
  container.uninstall("user");
  expect(log).toEqual(["torn down"]);
  attach();
  expect(log).toEqual(["torn down", "torn down"]);
});

test("the host uses a plugin like a consumer, and its own mistakes are told under its own name", async () => {
  const { container, load, faults } = createTestContainer();
  let run: (code: number) => void = () => {};
  await load(
    plugin(machine, {
      install({ callbacks }) {
        run = callbacks.exited.run;
      },
    }),
  );
  container.use(machine).exited.register(() => {
    throw new Error("host bug");
  });
  run(1);
  expect(faults).toMatchObject([{ plugin: "(host)", callback: "machine.exited" }]);
  expect(container.get("machine")).toBeDefined();
  expect(() => container.use(qppSrv)).toThrow(
    expect.objectContaining({ code: "QPP_MISSING_REQUIREMENT", missing: "qpp_srv" }),
  );
});

test("the host is told as well when a contract does not match", async () => {
  const { container, load } = createTestContainer();
  await load(server);
  expect(container.use(qppSrv).doAdd(1)).toBe(2);
  const more = contract("qpp_srv", { functions: { doMul: fn<() => void>() } });
  expect(() => container.use(more)).toThrow(
    expect.objectContaining({ code: "QPP_MISSING_FUNCTION", missing: "doMul" }),
  );
});

test("the wiring as plain data", async () => {
  const { container, load } = createTestContainer();
  await load(
    server,
    plugin("client", {
      requires: { srv: qppSrv },
      optional: { machine },
      install({ srv }) {
        srv.onExit.register(() => {});
        srv.onExit.register(() => {});
        srv.onExit.pipe(filter(() => true)).subscribe();
      },
    }),
  );
  const wiring = container.describe();
  expect(JSON.parse(JSON.stringify(wiring))).toEqual({
    plugins: [
      {
        name: "qpp_srv",
        version: "1.2.3",
        description: "adds and subtracts",
        requires: [],
        attachments: [],
        callbacks: [
          { name: "onExit", capacity: 256, size: 3, subscribers: [{ plugin: "client", direct: 2, rx: 1 }] },
        ],
        functions: ["doAdd", "doSub"],
        values: [],
      },
      {
        name: "client",
        requires: [
          { key: "srv", plugin: "qpp_srv", optional: false, met: true },
          { key: "machine", plugin: "machine", optional: true, met: false },
        ],
        attachments: [],
        callbacks: [],
        functions: [],
        values: [],
      },
    ],
  });
  expect(container.get("client")).toEqual(wiring.plugins[1]);
});

test("a stream of an import stays what it is when it is adopted", async () => {
  const { load, faults } = createTestContainer();
  let exit: (code: number) => void = () => {};
  await load(
    plugin(machine, {
      install({ callbacks }) {
        exit = callbacks.exited.run;
      },
    }),
    plugin("user", {
      requires: { machine },
      install({ machine, adopt }) {
        adopt(machine.exited).subscribe(() => {
          throw new Error("no");
        });
      },
    }),
  );
  exit(1);
  expect(faults).toMatchObject([{ plugin: "user", callback: "machine.exited" }]);
});

test("adopted streams belong to the plugin", async () => {
  const { container, load, faults } = createTestContainer();
  const stream = new Subject<number>();
  const heard: number[] = [];
  await load(
    plugin("x", {
      install({ adopt }) {
        adopt(stream)
          .pipe(filter((x) => x > 1))
          .subscribe((x) => heard.push(x));
        adopt(stream).subscribe((x) => {
          if (x === 9) throw new Error("nine");
        });
        adopt(stream).subscribe(null, undefined, () => {});
        adopt(stream).subscribe({ next: (x) => heard.push(-x) });
      },
    }),
  );
  stream.next(1);
  stream.next(2);
  expect(heard).toEqual([-1, 2, -2]);
  stream.next(9);
  expect(faults).toMatchObject([{ plugin: "x", where: "stream", callback: undefined }]);
  expect(stream.observed).toBe(false);
  expect(container.get("x")).toBeUndefined();
});
