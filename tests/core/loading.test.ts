import { callback, contract, fn, isPlugin, type Plugin, plugin, QppError, value } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import { expect, test } from "vitest";
import { bare, machine, qppSrv, refusals, server } from "./plugins.js";

test("a missing requirement says who needs it, all the way, how to load it, and what it may have been meant to be", async () => {
  const errors = await refusals([bare("a", ["b"]), bare("b", ["c"]), bare("c", ["qpp_svr"])], {
    suggestions: ["qpp_srv", "qpp_client"],
    advice: (name) => `load it with -p ${name}`,
  });
  expect(errors.c).toMatchObject({
    code: "QPP_MISSING_REQUIREMENT",
    plugin: "c",
    missing: "qpp_svr",
    requiredBy: ["a", "b", "c"],
  });
  expect(errors.c?.message).toBe(
    'plugin "c" requires "qpp_svr", which is not loaded (a -> b -> c -> qpp_svr); load it with -p qpp_svr; did you mean "qpp_srv"?',
  );
  expect(errors.b).toMatchObject({
    code: "QPP_REFUSED_REQUIREMENT",
    requirement: "c",
    requiredBy: ["a", "b"],
    cause: errors.c,
  });
  expect(errors.a).toMatchObject({
    code: "QPP_REFUSED_REQUIREMENT",
    requirement: "b",
    requiredBy: ["a"],
    cause: errors.c,
  });
  const plain = await refusals([bare("a", ["zzz"])]);
  expect(plain.a?.message).toBe(
    'plugin "a" requires "zzz", which is not loaded (a -> zzz); add "zzz" to what is loaded',
  );
});

test("a cycle is named, plugin by plugin; what hangs on it is refused with it", async () => {
  const errors = await refusals([
    bare("d", ["a"]),
    bare("c", ["a"]),
    bare("a", ["b"]),
    bare("b", ["c"]),
    bare("free"),
  ]);
  expect(Object.keys(errors).sort()).toEqual(["a", "b", "c", "d"]);
  expect(errors.a).toMatchObject({ code: "QPP_CYCLE", cycle: ["a", "b", "c"] });
  expect(errors.c).toMatchObject({ code: "QPP_CYCLE", cycle: ["c", "a", "b"] });
  expect(errors.a?.message).toContain("a -> b -> c -> a");
  expect(errors.d).toMatchObject({ code: "QPP_REFUSED_REQUIREMENT", cause: errors.a });
});

test("a cycle starts with the name that comes first, wherever it is entered", async () => {
  const plugins = [bare("a", ["d"]), bare("d", ["c"]), bare("c", ["b"]), bare("b", ["d"])];
  const errors = await refusals(plugins);
  expect(errors.b).toMatchObject({ code: "QPP_CYCLE", cycle: ["b", "d", "c"] });
  expect(errors.c).toMatchObject({ code: "QPP_CYCLE", cycle: ["c", "b", "d"] });
  expect(errors.a).toMatchObject({ code: "QPP_REFUSED_REQUIREMENT", requirement: "d" });
  const { problems } = await createTestContainer().container.load(plugins.map((each) => ({ plugin: each })));
  expect(problems).toMatchObject([{ code: "QPP_CYCLE", plugin: "b", cycle: ["b", "d", "c"] }]);
});

test("two cycles are two errors", async () => {
  const errors = await refusals([
    bare("a", ["b"]),
    bare("b", ["a"]),
    bare("y", ["x"]),
    bare("x", ["y", "z"]),
    bare("z"),
  ]);
  expect(errors.b).toMatchObject({ cycle: ["b", "a"] });
  expect(errors.x).toMatchObject({ cycle: ["x", "y"] });
  expect(errors.z).toBeUndefined();
});

test("a chain of requirements that runs in a circle above the culprit still ends", async () => {
  const errors = await refusals([bare("a", ["b"]), bare("b", ["a", "missing"])]);
  expect(errors.b).toMatchObject({ code: "QPP_MISSING_REQUIREMENT", requiredBy: ["a", "b"] });
});

test("self requirement", async () => {
  const errors = await refusals([bare("narcissus", ["narcissus"])]);
  expect(errors.narcissus).toMatchObject({ code: "QPP_SELF_REQUIREMENT", plugin: "narcissus" });
});

test("names are unique: the first stays, be it requested or loaded", async () => {
  const { container } = createTestContainer();
  const log: string[] = [];
  const one = bare("same", [], { install: () => void log.push("one") });
  const two = bare("same", [], { install: () => void log.push("two") });
  const first = await container.load([{ plugin: one }, { plugin: two }]);
  expect(first).toMatchObject({
    loaded: ["same"],
    refused: [{ plugin: "same", error: { code: "QPP_DUPLICATE_PLUGIN" } }],
  });
  const second = await container.load([{ plugin: two }]);
  expect(second).toMatchObject({
    loaded: [],
    refused: [{ plugin: "same", error: { code: "QPP_DUPLICATE_PLUGIN" } }],
  });
  expect(log).toEqual(["one"]);
});

test("a name used twice in one contract, bad names, bad capacities, taken keys", () => {
  const on = { on: callback<[]>() };
  const twice = (): unknown => contract("x", { callbacks: on, functions: { on: fn<() => void>() } } as never);
  expect(twice).toThrow(
    expect.objectContaining({ code: "QPP_DUPLICATE_CALLBACK", plugin: "x", callback: "x.on" }),
  );
  const again = (): unknown =>
    contract("x", { functions: { on: fn<() => void>() }, values: { on: value<1>() } } as never);
  expect(again).toThrow('contract "x" uses the name "on" for a function and a value');
  for (const name of ["", "a b", "a,b", "a=b", "(host)", "-x"]) {
    expect(() => contract(name)).toThrow(expect.objectContaining({ code: "QPP_BAD_DEFINITION" }));
  }
  for (const name of ["osi", "a.b-c_d", "@scope/name", "9"]) expect(contract(name).name).toBe(name);
  for (const capacity of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => callback<[]>({ capacity })).toThrow(expect.objectContaining({ code: "QPP_BAD_DEFINITION" }));
  }
  const taken = (): unknown => plugin("x", { requires: { log: qppSrv } as never, install() {} });
  expect(taken).toThrow(expect.objectContaining({ code: "QPP_BAD_DEFINITION", plugin: "x" }));
  const both = (): unknown =>
    plugin("x", { requires: { a: qppSrv }, optional: { a: machine } as never, install() {} });
  expect(both).toThrow(/under the name "a", which is taken/);
});

test("what is required must be a contract", () => {
  const circular = (): unknown => plugin("x", { requires: { a: undefined } as never, install() {} });
  expect(circular).toThrow(expect.objectContaining({ code: "QPP_BAD_DEFINITION", plugin: "x" }));
  expect(circular).toThrow(/under the name "a" that is no contract/);
});

test("load order: layer by layer, by name within a layer", async () => {
  const { load } = createTestContainer();
  const loaded = await load(bare("a", ["z"]), bare("z"), bare("b", ["y"]), bare("y"), bare("c", ["a", "y"]));
  expect(loaded).toEqual(["y", "z", "a", "b", "c"]);
});

test("known plugins are loaded on demand, and theirs too; but not for one that is refused", async () => {
  const known = new Map([bare("b", ["c"]), bare("c"), bare("d")].map((each) => [each.name, each]));
  const asked: string[] = [];
  const resolve = async (name: string): Promise<Plugin | undefined> => {
    asked.push(name);
    return known.get(name);
  };
  const { container } = createTestContainer({ resolve });
  expect(
    await container.load([
      { plugin: bare("a", ["b"]) },
      { plugin: bare("e", ["d", "nowhere"]) },
      { plugin: bare("f", ["nowhere"]) },
    ]),
  ).toMatchObject({
    loaded: ["c", "b", "a"],
    refused: [
      { plugin: "e", error: { missing: "nowhere" } },
      { plugin: "f", error: { missing: "nowhere" } },
    ],
  });
  expect(asked).toEqual(["b", "d", "nowhere", "c"]);
  expect(container.get("d")).toBeUndefined();
  // What is there, or is to be loaded anyway, is not looked for.
  asked.length = 0;
  await container.load([{ plugin: bare("g", ["h", "a"]) }, { plugin: bare("h", ["c"]) }]);
  expect(asked).toEqual([]);
});

test("arguments of a plugin that nobody needs after all are not looked at", async () => {
  const picky = {
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate: () => ({ issues: [{ message: "never" }] }),
    },
  };
  const known = plugin("known", { args: picky, install() {} });
  const { container } = createTestContainer({ resolve: (name) => (name === "known" ? known : undefined) });
  const { problems } = await container.load([{ plugin: bare("a", ["known", "nowhere"]) }]);
  expect(problems).toMatchObject([{ code: "QPP_MISSING_REQUIREMENT", plugin: "a", missing: "nowhere" }]);
});

test("nobody is told to have meant what was asked for", async () => {
  const { a } = await refusals([bare("a", ["known"])], { suggestions: ["known"], advice: () => "sorry" });
  expect(a?.message).toBe('plugin "a" requires "known", which is not loaded (a -> known); sorry');
});

test("the chain to a culprit goes by those who come first in the alphabet, in whatever order they are given", async () => {
  const plugins = [
    bare("z", ["x"]),
    bare("b", ["x"]),
    bare("c", ["b"]),
    bare("a", ["b"]),
    bare("x", ["gone"]),
  ];
  for (const given of [plugins, [...plugins].reverse()]) {
    expect((await refusals(given)).x?.requiredBy).toEqual(["a", "b", "x"]);
  }
});

test("a search for a known plugin that fails is the reason; one of another name is not taken", async () => {
  const failing = await refusals([bare("a", ["b"])], {
    resolve: () => Promise.reject(new Error("disk on fire")),
  });
  expect(failing.a).toMatchObject({ code: "QPP_MISSING_REQUIREMENT", cause: { message: "disk on fire" } });
  expect(failing.a?.message).toContain("disk on fire");
  const other = await refusals([bare("a", ["b"])], { resolve: () => bare("c") });
  expect(other.a).toMatchObject({ code: "QPP_MISSING_REQUIREMENT", cause: { code: "QPP_BAD_DEFINITION" } });
});

test("what is no plugin is refused, the rest goes on", async () => {
  const { container } = createTestContainer();
  const report = await container.load([{ plugin: { name: "fake" } as Plugin }, { plugin: bare("real") }]);
  expect(report).toMatchObject({ loaded: ["real"], refused: [{ error: { code: "QPP_BAD_DEFINITION" } }] });
  expect([isPlugin(bare("x")), isPlugin({}), isPlugin(null), isPlugin(undefined)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("an optional requirement is there when loaded before or together, and undefined otherwise", async () => {
  const seen: boolean[] = [];
  const user = (name: string): Plugin =>
    plugin(name, { optional: { srv: qppSrv }, install: ({ srv }) => void seen.push(srv !== undefined) });
  const { container, load } = createTestContainer();
  await load(user("a"));
  await load(user("b"), server);
  await load(user("c"));
  expect(seen).toEqual([false, true, true]);
  expect(container.uninstall("qpp_srv")).toBe(true);
  expect(container.describe().plugins.map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test("an optional requirement that is refused is as good as not there", async () => {
  let there: unknown = "not asked";
  const user = plugin("user", {
    optional: { srv: qppSrv },
    install: ({ srv }) => {
      there = srv;
    },
  });
  const failing = plugin(qppSrv, {
    install() {
      throw new Error("no");
    },
  });
  const { container } = createTestContainer();
  expect(await container.load([{ plugin: user }, { plugin: failing }])).toMatchObject({ loaded: ["user"] });
  expect(there).toBeUndefined();
});

test("contracts need not be one object, but must agree", async () => {
  const copy = contract("qpp_srv", { functions: { doAdd: fn<(x: number) => number>() } });
  const more = contract("qpp_srv", { functions: { doMul: fn<(x: number) => number>() } });
  const other = contract("qpp_srv", { callbacks: { onEnter: callback<[]>() } });
  const rich = contract("qpp_srv", { values: { table: value<number[]>() } });
  const { container } = createTestContainer();
  const report = await container.load(
    [
      server,
      plugin("good", { requires: { srv: copy }, install: ({ srv, log }) => log(srv.doAdd(1)) }),
      plugin("bad_function", { requires: { srv: more }, install() {} }),
      plugin("bad_callback", { requires: { srv: other }, install() {} }),
      plugin("bad_value", { optional: { srv: rich }, install() {} }),
    ].map((each) => ({ plugin: each })),
  );
  expect(report).toMatchObject({
    loaded: ["qpp_srv", "good"],
    refused: [
      { plugin: "bad_callback", error: { code: "QPP_CONTRACT_MISMATCH" } },
      {
        plugin: "bad_function",
        error: { code: "QPP_MISSING_FUNCTION", missing: "doMul", plugin: "bad_function" },
      },
      { plugin: "bad_value", error: { code: "QPP_CONTRACT_MISMATCH" } },
    ],
  });
  expect(report.refused[0]?.error.message).toContain('requires callback "qpp_srv.onEnter"');
  expect(report.refused[2]?.error.message).toContain('requires value "qpp_srv.table"');
});

test("loadings wait for each other", async () => {
  let release: (found: Plugin | undefined) => void = () => {};
  const { container } = createTestContainer({ resolve: () => new Promise((resolve) => (release = resolve)) });
  const first = container.load([{ plugin: bare("a", ["b"]) }]);
  const second = container.load([{ plugin: bare("b") }]);
  await Promise.resolve();
  release(bare("b"));
  expect(await first).toMatchObject({ loaded: ["b", "a"] });
  expect(await second).toMatchObject({ refused: [{ plugin: "b", error: { code: "QPP_DUPLICATE_PLUGIN" } }] });
});

test("every error is a QppError with a code, a name, and a message that names the plugin", async () => {
  const errors = Object.values(
    await refusals([bare("a", ["b"]), bare("s", ["s"]), bare("x", ["y"]), bare("y", ["x"])]),
  );
  expect(errors).toHaveLength(4);
  for (const error of errors) {
    expect(error).toBeInstanceOf(QppError);
    expect(error.code).toMatch(/^QPP_[A-Z_]+$/);
    expect(error.name).toBe(error.constructor.name);
    expect(error.message).toContain(`"${error.plugin}"`);
  }
});

// Found by "the order of the requests does not matter": what requires a refused plugin and is wrong itself was refused for the one or the other
// reason, depending on the order.
test("a plugin's own mistake is told before that of what it requires", async () => {
  const wrong = [bare("a", ["a"]), bare("b", ["a"]), bare("c", ["c", "b"])];
  for (const plugins of [wrong, [...wrong].reverse()]) {
    const errors = await refusals(plugins);
    expect(errors.c?.code).toBe("QPP_SELF_REQUIREMENT");
    expect(errors.b?.code).toBe("QPP_REFUSED_REQUIREMENT");
  }
  const { container } = createTestContainer();
  const report = await container.load([
    { plugin: bare("a"), args: { x: "1" } },
    { plugin: bare("b", ["a"]), args: { x: "1" } },
  ]);
  expect(report.refused.map(({ error }) => error.code)).toEqual(["QPP_BAD_ARGUMENT", "QPP_BAD_ARGUMENT"]);
});

test("what is wrong with a plugin in any other way has it refused, and never the loading rejected", async () => {
  const odd = contract("odd", { functions: { get: fn<() => void>() } });
  const mute = { "~standard": { version: 1 as const, vendor: "test", validate: () => undefined as never } };
  const errors = await refusals([
    plugin("mute", { args: mute, install() {} }),
    plugin(odd, {
      install: () => ({
        get get(): never {
          throw new Error("not for you");
        },
      }),
    }),
    bare("user", ["odd"]),
  ]);
  expect(errors.mute).toMatchObject({
    code: "QPP_INSTALL_FAILED",
    plugin: "mute",
    cause: expect.any(TypeError),
  });
  expect(errors.odd?.message).toBe('plugin "odd" could not be installed: Error: not for you');
  expect(errors.odd).toMatchObject({ code: "QPP_INSTALL_FAILED", cause: { message: "not for you" } });
  expect(errors.user).toMatchObject({ code: "QPP_REFUSED_REQUIREMENT", cause: errors.odd });
});

test("a loading that the host spoils is rejected, and does not keep the next from going on", async () => {
  const { container } = createTestContainer({
    advice() {
      throw new Error("no advice");
    },
  });
  const spoiled = container.load([{ plugin: bare("a", ["missing"]) }]);
  const next = container.load([{ plugin: bare("b") }]);
  await expect(spoiled).rejects.toThrow("no advice");
  expect(await next).toMatchObject({ loaded: ["b"], refused: [] });
});

test("a plugin that another one uninstalls while it is installed is not loaded after all", async () => {
  const { container } = createTestContainer();
  const report = await container.load([
    { plugin: bare("victim") },
    {
      plugin: bare("killer", [], { optional: ["victim"], install: () => void container.uninstall("victim") }),
    },
  ]);
  expect(report.loaded).toEqual(["killer"]);
  expect(
    report.refused.map(({ plugin: name, error }) => [name, error.code, error.message, "cause" in error]),
  ).toEqual([
    [
      "victim",
      "QPP_INSTALL_FAILED",
      'plugin "victim" could not be installed: it was uninstalled at once',
      false,
    ],
  ]);
  expect(report.problems).toEqual([report.refused[0]?.error]);
});
