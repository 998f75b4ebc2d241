import { callback, contract, fn, type Plugin, plugin, value } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import { Subject } from "rxjs";
import { expect, test } from "vitest";
import { bare, qppSrv, refusals, server } from "./plugins.js";

test("a plugin that does not return what its contract declares is refused", async () => {
  const rich = contract("rich", { values: { table: value<number[]>() } });
  const errors = await refusals([
    plugin(qppSrv, { install: () => ({ doAdd: (x: number) => x }) as never }),
    plugin(rich, { install: () => undefined as never }),
    bare("user", ["qpp_srv"]),
  ]);
  expect(errors.qpp_srv).toMatchObject({ code: "QPP_MISSING_FUNCTION", missing: "doSub", plugin: "qpp_srv" });
  expect(errors.rich).toMatchObject({ code: "QPP_MISSING_FUNCTION", missing: "table" });
  expect(errors.user).toMatchObject({ code: "QPP_REFUSED_REQUIREMENT" });
});

test("a plugin that throws while installing is refused, and leaves nothing behind", async () => {
  const disposed: string[] = [];
  const cause = new Error("half way");
  const { container } = createTestContainer();
  const report = await container.load([
    { plugin: server },
    {
      plugin: plugin("clumsy", {
        requires: { srv: qppSrv },
        install({ srv, onDispose, report }) {
          srv.onExit.register(() => {});
          srv.onExit.subscribe();
          report(() => "something");
          onDispose(() => void disposed.push("clumsy"));
          throw cause;
        },
      }),
    },
    { plugin: bare("user", ["clumsy"]) },
  ]);
  expect(report).toMatchObject({
    loaded: ["qpp_srv"],
    refused: [
      { plugin: "clumsy", error: { code: "QPP_INSTALL_FAILED", cause } },
      { plugin: "user", error: { code: "QPP_REFUSED_REQUIREMENT" } },
    ],
  });
  expect(disposed).toEqual(["clumsy"]);
  expect(container.get("qpp_srv")?.callbacks[0]?.size).toBe(0);
  expect(container.results().size).toBe(0);
});

test("install is synchronous", async () => {
  const { container, faults } = createTestContainer();
  const slow = plugin("slow", {
    install: (async () => {
      throw new Error("and it fails later");
    }) as () => void,
  });
  expect(await container.load([{ plugin: slow }])).toMatchObject({
    refused: [
      {
        plugin: "slow",
        error: { code: "QPP_INSTALL_FAILED", message: expect.stringContaining("synchronous") },
      },
    ],
  });
  await Promise.resolve();
  expect(faults).toMatchObject([
    { plugin: "slow", where: "install", cause: { message: "and it fails later" } },
  ]);
});

test("a fault while installing has the plugin refused", async () => {
  const { container, faults } = createTestContainer();
  const early = new Subject<void>();
  const bad = plugin("bad", {
    install({ adopt }) {
      adopt(early).subscribe(() => {
        throw new Error("too early");
      });
      early.next();
    },
  });
  expect(await container.load([{ plugin: bad }])).toMatchObject({
    loaded: [],
    refused: [{ plugin: "bad", error: { code: "QPP_INSTALL_FAILED", cause: { message: "too early" } } }],
  });
  expect(faults).toHaveLength(1);
  expect(early.observed).toBe(false);
});

test("a plugin taken out while others are installed counts as refused, with all that hangs on it", async () => {
  const fragile = contract("fragile", {
    callbacks: { on: callback<[]>() },
    functions: { poke: fn<() => void>() },
  });
  const { container } = createTestContainer();
  const report = await container.load([
    {
      plugin: plugin(fragile, {
        install({ callbacks }) {
          callbacks.on.register(() => {
            throw new Error("broken");
          });
          return { poke: () => callbacks.on.run() };
        },
      }),
    },
    { plugin: plugin("poker", { requires: { fragile }, install: ({ fragile }) => fragile.poke() }) },
    { plugin: bare("early", ["fragile"]) },
    { plugin: bare("zero", ["fragile"]) },
    { plugin: bare("other") },
  ]);
  expect(report.loaded).toEqual(["other"]);
  expect(report.refused.map(({ plugin: name, error }) => [name, error.code])).toEqual(
    expect.arrayContaining([
      ["fragile", "QPP_INSTALL_FAILED"],
      ["poker", "QPP_INSTALL_FAILED"],
      ["early", "QPP_INSTALL_FAILED"],
      ["zero", "QPP_MISSING_REQUIREMENT"],
    ]),
  );
  expect(container.results().get("fragile")).toMatchObject({ fault: { cause: { message: "broken" } } });
});

test("arguments are validated by any standard schema", async () => {
  const { container } = createTestContainer();
  const schema = {
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate(raw: unknown) {
        const given = raw as Record<string, string>;
        const limit = Number(given.limit ?? "10");
        if (limit >= 0) return { value: { limit } };
        return {
          issues: [{ message: "must not be negative", path: [{ key: "limit" }] }, { message: "try again" }],
        };
      },
    },
  };
  const got: unknown[] = [];
  const hot = (name: string): Plugin =>
    plugin(name, { args: schema, install: ({ args }) => void got.push(args.limit) });
  const asynchronous = {
    "~standard": { ...schema["~standard"], validate: async () => ({ value: { limit: 1 } }) },
  };
  const throwing = {
    "~standard": {
      ...schema["~standard"],
      validate: (): { value: { limit: number } } => {
        throw new Error("schema bug");
      },
    },
  };
  const report = await container.load([
    { plugin: hot("a"), args: { limit: "3" } },
    { plugin: hot("b") },
    { plugin: hot("c"), args: { limit: "-1" } },
    { plugin: bare("d"), args: { what: "x" } },
    { plugin: plugin("e", { args: asynchronous, install() {} }) },
    { plugin: plugin("f", { args: throwing, install() {} }) },
    { plugin: bare("g", ["c"]) },
  ]);
  expect(got).toEqual([3, 10]);
  expect(Object.fromEntries(report.refused.map(({ plugin: name, error }) => [name, error.message]))).toEqual({
    c: 'plugin "c": argument "limit": must not be negative; try again',
    d: 'plugin "d": argument "what": unknown; this plugin takes no arguments',
    e: 'plugin "e": the schema of its arguments is asynchronous; arguments are validated at once',
    f: 'plugin "f": the schema of its arguments threw: Error: schema bug',
    g: expect.stringContaining('requires "c", which was refused'),
  });
  expect(report.refused[0]?.error).toMatchObject({
    code: "QPP_BAD_ARGUMENT",
    issues: [
      { argument: "limit", message: "must not be negative" },
      { argument: "", message: "try again" },
    ],
  });
});
