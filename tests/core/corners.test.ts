import { callback, contract, plugin } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import { Subject } from "rxjs";
import { expect, test } from "vitest";
import { bare, refusals } from "./plugins.js";

test("what a refused asynchronous schema still throws later is not one more error", async () => {
  const late = {
    "~standard": {
      version: 1 as const,
      vendor: "test",
      // vitest fails for a rejection that nobody handles.
      validate: () => Promise.reject(new Error("late")),
    },
  };
  const { refused } = await createTestContainer().container.load([
    { plugin: plugin("p", { args: late, install() {} }) },
  ]);
  await new Promise(setImmediate);
  expect(refused[0]?.error).toMatchObject({ code: "QPP_BAD_ARGUMENT", plugin: "p" });
});

test("an issue of a schema says where it is, down to the element of a list", async () => {
  const schema = {
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate: () => ({ issues: [{ message: "too large", path: ["sizes", 2, { key: "max" }] }] }),
    },
  };
  const { p } = await refusals([plugin("p", { args: schema, install() {} })]);
  expect(p).toMatchObject({ issues: [{ argument: "sizes.2.max", message: "too large" }] });
});

test("what an install throws need not be an error", async () => {
  const { p } = await refusals([
    bare("p", [], {
      install() {
        throw "no luck";
      },
    }),
  ]);
  expect(p).toMatchObject({ code: "QPP_INSTALL_FAILED", cause: "no luck" });
  expect(p?.message).toContain("no luck");
});

test("a plugin whose requirement is uninstalled while it is being installed is refused", async () => {
  const { container, load } = createTestContainer();
  await load(bare("base"));
  const user = bare("user", ["base"], { install: () => void container.uninstall("base") });
  const { refused } = await container.load([{ plugin: user }]);
  expect(refused.map(({ error }) => [error.code, error.plugin, error.cause])).toEqual([
    ["QPP_INSTALL_FAILED", "user", undefined],
  ]);
  expect(refused[0]?.error.message).toContain("it was uninstalled before its install returned");
  expect(container.describe().plugins).toEqual([]);
});

test("streams are subscribed to in every form that RxJS has", async () => {
  const { load, faults } = createTestContainer();
  const good = new Subject<number>();
  const bad = new Subject<number>();
  const heard: unknown[] = [];
  const hear = (value: unknown): void => void heard.push(value);
  await load(
    plugin("x", {
      install({ adopt }) {
        adopt(good).subscribe(hear, hear, () => hear("completed"));
        adopt(good).subscribe(null, hear, () => hear("completed without values"));
        adopt(good).subscribe({});
        adopt(bad).subscribe(hear, hear);
        adopt(bad).subscribe(undefined, hear);
        adopt(bad).subscribe({ error: hear });
      },
    }),
  );
  good.next(1);
  good.complete();
  bad.error("bad");
  expect(heard).toEqual([1, "completed", "completed without values", "bad", "bad", "bad"]);
  expect(faults).toEqual([]);
});

test("what subscribers throw when a callback ends is their fault, and the others are told all the same", async () => {
  const pair = contract("pair", { callbacks: { one: callback<[]>(), two: callback<[]>() } });
  const { container, load, faults } = createTestContainer();
  await load(plugin(pair, { install() {} }));
  const { one, two } = container.use(pair);
  const ended: string[] = [];
  const fail = (message: string) => () => {
    throw new Error(message);
  };
  const direct = one.register(() => {});
  direct.add(fail("direct"));
  one.subscribe({ complete: () => ended.push("one") }).add(fail("rx"));
  two.subscribe({ complete: () => ended.push("two") });
  expect(container.uninstall("pair")).toBe(true);
  expect(ended).toEqual(["one", "two"]);
  expect(direct.closed).toBe(true);
  expect(
    faults.map(({ plugin: who, callback: on, where, cause }) => [who, on, where, String(cause)]),
  ).toEqual([
    ["(host)", "pair.one", 'callback "pair.one"', expect.stringContaining("direct")],
    ["(host)", "pair.one", 'callback "pair.one"', expect.stringContaining("rx")],
  ]);
  expect(container.get("pair")).toBeUndefined();
});

test("what a listener returns is waited for only if it is a promise, of any make", async () => {
  const one = contract("one", { callbacks: { on: callback<[]>() } });
  const { container, load, faults } = createTestContainer({ onFault: "report" });
  let run: () => void = () => {};
  await load(
    plugin(one, {
      install({ callbacks }) {
        run = callbacks.on.run;
      },
    }),
  );
  const { on } = container.use(one);
  // biome-ignore lint/suspicious/noThenProperty: it stands for a promise of another make
  const thenable = (then: unknown): object => Object.fromEntries([["then", then]]);
  const results: unknown[] = [
    null,
    {},
    thenable("no function"),
    "text",
    () => {},
    thenable((_: undefined, rejected: (cause: unknown) => void) => rejected("mine")),
  ];
  for (const result of results) {
    on.register((() => result) as () => void);
    on.subscribe((() => result) as () => void);
  }
  for (let i = 0; i < 10; i++) run();
  expect(faults.map(({ cause }) => cause)).toEqual(Array.from({ length: 20 }, () => "mine"));
});
