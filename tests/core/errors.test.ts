import {
  type Contract,
  callback,
  contract,
  createContainer,
  fn,
  type Imports,
  NotOwnerError,
  type OwnedCallback,
  type Plugin,
  PluginGoneError,
  plugin,
  QppError,
  value,
} from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import { of, switchMap } from "rxjs";
import { describe, expect, test } from "vitest";
import { bare, machine, qppSrv, refusals, server } from "./plugins.js";

// Every error, whole: what it says, and what it carries.

/** All that an error carries; a cause only where there is one. */
function whole(error: unknown): object {
  if (!(error instanceof QppError)) throw new Error(`no error of the fabric's: ${String(error)}`);
  return { ...error, message: error.message, ...("cause" in error && { cause: error.cause }) };
}

function thrown(action: () => unknown): object {
  try {
    action();
  } catch (error) {
    return whole(error);
  }
  throw new Error("nothing was thrown");
}

async function refusal(name: string, ...plugins: Plugin[]): Promise<object> {
  return whole((await refusals(plugins))[name]);
}

const nobody = { plugin: undefined, callback: undefined, requiredBy: [] };

describe("what is declared in a way that cannot work", () => {
  test("a capacity", () => {
    expect(thrown(() => callback<[]>({ capacity: 0 }))).toStrictEqual({
      ...nobody,
      name: "BadDefinitionError",
      code: "QPP_BAD_DEFINITION",
      message: "a callback's capacity is a whole number of 1 or more, not 0",
    });
  });

  test.each(["", "a b", "two\nlines\u0007", "a!", "!a"])("the name %j", (name) => {
    expect(thrown(() => contract(name))).toStrictEqual({
      ...nobody,
      name: "BadDefinitionError",
      code: "QPP_BAD_DEFINITION",
      message: `${JSON.stringify(name)} is no name for a plugin: use letters, digits, "_", "-", ".", "/" and "@"`,
    });
  });

  test("one name for two things", () => {
    const entries = { callbacks: { on: callback<[]>() }, functions: { on: fn<() => void>() } };
    expect(thrown(() => contract("x", entries as never))).toStrictEqual({
      ...nobody,
      name: "DuplicateCallbackError",
      code: "QPP_DUPLICATE_CALLBACK",
      plugin: "x",
      callback: "x.on",
      message:
        'contract "x" uses the name "on" for a callback and a function; each name stands for one thing',
    });
  });

  test("a requirement under a name that is taken", () => {
    const bad = { ...nobody, name: "BadDefinitionError", code: "QPP_BAD_DEFINITION", plugin: "x" };
    expect(thrown(() => plugin("x", { optional: { log: qppSrv } as never, install() {} }))).toStrictEqual({
      ...bad,
      message:
        'plugin "x" requires something under the name "log", which is taken in its context: choose another key',
    });
    expect(thrown(() => plugin("x", { requires: { a: {} } as never, install() {} }))).toStrictEqual({
      ...bad,
      message:
        'plugin "x" requires something under the name "a" that is no contract; do its modules import each other in a circle?',
    });
  });

  test("a policy that the host cannot carry out", () => {
    const host = { log() {}, fault() {} };
    expect(thrown(() => createContainer({ host, onFault: "abort" }))).toStrictEqual({
      ...nobody,
      name: "BadDefinitionError",
      code: "QPP_BAD_DEFINITION",
      message: 'the fault policy "abort" needs a host with a function `abort`',
    });
  });
});

describe("what is refused when it is loaded", () => {
  test("a missing requirement", async () => {
    expect(await refusal("b", bare("a", ["b"]), bare("b", ["c"]))).toStrictEqual({
      ...nobody,
      name: "MissingRequirementError",
      code: "QPP_MISSING_REQUIREMENT",
      plugin: "b",
      requiredBy: ["a", "b"],
      missing: "c",
      message:
        'plugin "b" requires "c", which is not loaded (a -> b -> c); add "c" to what is loaded; did you mean "a"?',
    });
  });

  test("one that was looked for in vain", async () => {
    const cause = new Error("disk on fire");
    const errors = await refusals([bare("a", ["b"])], { resolve: () => Promise.reject(cause) });
    expect(whole(errors.a)).toStrictEqual({
      ...nobody,
      name: "MissingRequirementError",
      code: "QPP_MISSING_REQUIREMENT",
      plugin: "a",
      requiredBy: ["a"],
      missing: "b",
      message:
        'plugin "a" requires "b", which is not loaded (a -> b); looking for it failed: Error: disk on fire',
      cause,
    });
  });

  test("one that was found under a wrong name, or is no plugin", async () => {
    for (const found of [bare("c"), {} as Plugin]) {
      const { a } = await refusals([bare("a", ["b"])], { resolve: () => found });
      expect(whole(a?.cause)).toStrictEqual({
        ...nobody,
        name: "BadDefinitionError",
        code: "QPP_BAD_DEFINITION",
        plugin: "b",
        message: 'what was found as "b" is not a plugin of that name',
      });
    }
  });

  test("what is no plugin", async () => {
    expect(await refusal("[object Object]", {} as Plugin)).toStrictEqual({
      ...nobody,
      name: "BadDefinitionError",
      code: "QPP_BAD_DEFINITION",
      message: "what was to be loaded is not a plugin: make it with plugin(...)",
    });
  });

  test("a requirement that was refused", async () => {
    const plugins = [bare("top", ["a"]), bare("a", ["b"]), bare("b", ["c"]), bare("c", ["c"])];
    const errors = await refusals(plugins);
    expect(whole(errors.b)).toStrictEqual({
      ...nobody,
      name: "RefusedRequirementError",
      code: "QPP_REFUSED_REQUIREMENT",
      plugin: "b",
      requiredBy: ["top", "a", "b"],
      requirement: "c",
      message: `plugin "b" requires "c", which was refused (top -> a -> b -> c): ${errors.c?.message}`,
      cause: errors.c,
    });
    expect(whole(errors.c)).toStrictEqual({
      ...nobody,
      name: "SelfRequirementError",
      code: "QPP_SELF_REQUIREMENT",
      plugin: "c",
      requiredBy: ["c"],
      message:
        'plugin "c" requires itself; its own callbacks are in `context.callbacks`, its functions are its own',
    });
  });

  test("a cycle", async () => {
    expect(await refusal("b", bare("a", ["b"]), bare("b", ["c"]), bare("c", ["a"]))).toStrictEqual({
      ...nobody,
      name: "CycleError",
      code: "QPP_CYCLE",
      plugin: "b",
      requiredBy: ["b", "c", "a"],
      cycle: ["b", "c", "a"],
      message:
        'plugin "b" is part of a cycle of requirements: b -> c -> a -> b; ' +
        "one of them has to do without the next, or to take it as optional at a later time",
    });
  });

  test("a name that is taken", async () => {
    expect(await refusal("a", bare("a"), bare("a"))).toStrictEqual({
      ...nobody,
      name: "DuplicatePluginError",
      code: "QPP_DUPLICATE_PLUGIN",
      plugin: "a",
      message:
        'a plugin named "a" is already loaded or requested; names are unique: drop or rename one of the two',
    });
  });

  test("a contract of another version", async () => {
    const more = contract("qpp_srv", { functions: { doMul: fn<() => void>() } });
    const other = contract("qpp_srv", { callbacks: { onEnter: callback<[]>() } });
    const rich = contract("qpp_srv", { values: { table: value<number[]>() } });
    const needs = (name: string, srv: Contract): Plugin => plugin(name, { requires: { srv }, install() {} });
    const message = (who: string, what: string): string =>
      `plugin "${who}" requires ${what}, which the contract of the loaded "qpp_srv" does not declare; ` +
      "the two were made for different versions of it";
    const users = [bare("user", ["c"]), bare("top", ["user"])];
    const plugins = [server, needs("f", more), needs("c", other), needs("v", rich), ...users];
    expect(await refusal("f", ...plugins)).toStrictEqual({
      ...nobody,
      name: "MissingFunctionError",
      code: "QPP_MISSING_FUNCTION",
      plugin: "f",
      requiredBy: ["f"],
      missing: "doMul",
      message: message("f", 'function "qpp_srv.doMul"'),
    });
    const mismatch = { ...nobody, name: "ContractMismatchError", code: "QPP_CONTRACT_MISMATCH" };
    expect(await refusal("c", ...plugins)).toStrictEqual({
      ...mismatch,
      plugin: "c",
      requiredBy: ["top", "user", "c"],
      message: message("c", 'callback "qpp_srv.onEnter"'),
    });
    expect(await refusal("v", ...plugins)).toStrictEqual({
      ...mismatch,
      plugin: "v",
      requiredBy: ["v"],
      message: message("v", 'value "qpp_srv.table"'),
    });
  });

  test("an argument", async () => {
    const { container } = createTestContainer();
    const { refused } = await container.load([{ plugin: bare("a"), args: { x: "1", y: "2" } }]);
    expect(whole(refused[0]?.error)).toStrictEqual({
      ...nobody,
      name: "BadArgumentError",
      code: "QPP_BAD_ARGUMENT",
      plugin: "a",
      issues: ["x", "y"].map((argument) => ({
        argument,
        message: "unknown; this plugin takes no arguments",
      })),
      message:
        'plugin "a": argument "x": unknown; this plugin takes no arguments; argument "y": unknown; this plugin takes no arguments',
    });
  });

  test("a schema that throws, and one that answers later", async () => {
    const cause = new Error("schema bug");
    const schema = (validate: () => never | Promise<{ value: number }>) => ({
      "~standard": { version: 1 as const, vendor: "test", validate },
    });
    const throwing = schema(() => {
      throw cause;
    });
    const late = schema(async () => ({ value: 1 }));
    const bad = { ...nobody, name: "BadArgumentError", code: "QPP_BAD_ARGUMENT", plugin: "a" };
    const said = (message: string): object => ({
      issues: [{ argument: "", message }],
      message: `plugin "a": ${message}`,
    });
    expect(await refusal("a", plugin("a", { args: throwing, install() {} }))).toStrictEqual({
      ...bad,
      ...said("the schema of its arguments threw: Error: schema bug"),
      cause,
    });
    expect(await refusal("a", plugin("a", { args: late, install() {} }))).toStrictEqual({
      ...bad,
      ...said("the schema of its arguments is asynchronous; arguments are validated at once"),
    });
  });

  test("an install that throws, or is asynchronous", async () => {
    const bad = { ...nobody, name: "InstallError", code: "QPP_INSTALL_FAILED", plugin: "a" };
    const failing = bare("a", [], {
      install() {
        throw "no luck";
      },
    });
    expect(await refusal("a", failing)).toStrictEqual({
      ...bad,
      message: 'plugin "a" could not be installed: no luck',
      cause: "no luck",
    });
    const slow = plugin("a", { install: (async () => {}) as () => void });
    expect(await refusal("a", slow)).toStrictEqual({
      ...bad,
      message:
        'plugin "a" could not be installed: its install returned a promise; install is synchronous: do slow work later',
    });
  });

  test("an install that does not return what its contract declares", async () => {
    const bad = { ...nobody, name: "MissingFunctionError", code: "QPP_MISSING_FUNCTION", plugin: "rich" };
    const table = contract("rich", { values: { table: value<number[]>() } });
    expect(await refusal("rich", plugin(table, { install: () => null as never }))).toStrictEqual({
      ...bad,
      missing: "table",
      message: 'plugin "rich" declares value "table" in its contract, but its install did not return it',
    });
    const get = contract("rich", { functions: { get: fn<() => void>() } });
    expect(await refusal("rich", plugin(get, { install: () => ({ get: 1 }) as never }))).toStrictEqual({
      ...bad,
      missing: "get",
      message: 'plugin "rich" declares function "get" in its contract, but its install did not return it',
    });
  });

  test("a plugin that others take out while it is to be installed", async () => {
    const { container, load } = createTestContainer();
    await load(bare("base"));
    const killer = bare("a", [], { install: () => void container.uninstall("base") });
    const { refused } = await container.load([{ plugin: killer }, { plugin: bare("b", ["base"]) }]);
    expect(refused.map(({ error }) => whole(error))).toStrictEqual([
      {
        ...nobody,
        name: "MissingRequirementError",
        code: "QPP_MISSING_REQUIREMENT",
        plugin: "b",
        requiredBy: ["b"],
        missing: "base",
        message:
          'plugin "b" requires "base", which is not loaded (b -> base); it was uninstalled in the meantime',
      },
    ]);
  });
});

describe("what is refused later", () => {
  interface World {
    readonly own: OwnedCallback<[code: number]>;
    readonly container: ReturnType<typeof createTestContainer>["container"];
  }

  async function world(): Promise<World> {
    let own: World["own"] | undefined;
    const { container, load } = createTestContainer();
    await load(
      plugin(machine, {
        install({ callbacks }) {
          own = callbacks.exited;
        },
      }),
    );
    if (!own) throw new Error("not installed");
    return { own, container };
  }

  test("one listener too many, on either lane", async () => {
    const tight = contract("tight", { callbacks: { on: callback<[]>({ capacity: 1 }) } });
    const { container, load } = createTestContainer();
    await load(plugin(tight, { install() {} }));
    const { on } = container.use(tight);
    on.register(() => {});
    const full = {
      ...nobody,
      name: "CapacityError",
      code: "QPP_CAPACITY",
      plugin: "(host)",
      callback: "tight.on",
      capacity: 1,
      message:
        'plugin "(host)" cannot subscribe to callback "tight.on": all 1 slots are taken; ' +
        "remove a subscriber, or raise `capacity` in its contract",
    };
    expect(thrown(() => on.register(() => {}))).toStrictEqual(full);
    let error: unknown;
    on.subscribe({ error: (cause) => (error = cause) });
    expect(whole(error)).toStrictEqual(full);
  });

  test("running another one's callback", async () => {
    const { own, container } = await world();
    const forced = container.use(machine).exited as unknown as typeof own;
    expect(() => forced.run(1)).toThrow(NotOwnerError);
    expect(thrown(() => forced.run(1))).toStrictEqual({
      ...nobody,
      name: "NotOwnerError",
      code: "QPP_NOT_OWNER",
      plugin: "(host)",
      callback: "machine.exited",
      message:
        'plugin "(host)" cannot run callback "machine.exited": only the plugin that owns a callback runs it',
    });
  });

  test("too many arguments", async () => {
    const { own, container } = await world();
    container.use(machine).exited.register(() => {});
    const run = own.run as (...args: number[]) => void;
    expect(thrown(() => run(1, 2, 3, 4, 5, 6, 7, 8, 9))).toStrictEqual({
      ...nobody,
      name: "BadDefinitionError",
      code: "QPP_BAD_DEFINITION",
      plugin: "machine",
      callback: "machine.exited",
      message: 'callback "machine.exited" was run with 9 arguments; it takes 8 at most: pass an object',
    });
  });

  test("listening when one is gone oneself, on any lane", async () => {
    const { container, load } = createTestContainer();
    let exited: Imports<typeof machine>["exited"] | undefined;
    const user = plugin("user", {
      requires: { machine },
      install(context) {
        ({ exited } = context.machine);
      },
    });
    await load(plugin(machine, { install() {} }), user);
    container.uninstall("user");
    const gone = { ...nobody, name: "PluginGoneError", code: "QPP_PLUGIN_GONE", plugin: "user" };
    const said = (what: string): string => `${what}: plugin "user" has been uninstalled`;
    expect(thrown(() => exited?.register(() => {}))).toStrictEqual({
      ...gone,
      callback: "machine.exited",
      message: said('cannot register on "machine.exited"'),
    });
    const errors: object[] = [];
    const error = (cause: unknown): void => void errors.push(whole(cause));
    exited?.subscribe({ error });
    // Where an operator subscribes, it is told by the callback itself.
    of(1)
      .pipe(switchMap(() => exited ?? []))
      .subscribe({ error });
    expect(errors).toStrictEqual([
      { ...gone, message: said('cannot subscribe to stream of callback "machine.exited"') },
      { ...gone, callback: "machine.exited", message: said('cannot subscribe to "machine.exited"') },
    ]);
  });

  test("using what is of another version", async () => {
    const { container, load } = createTestContainer();
    await load(server);
    const more = contract("qpp_srv", { functions: { doMul: fn<() => void>() } });
    expect(thrown(() => container.use(more))).toStrictEqual({
      ...nobody,
      name: "MissingFunctionError",
      code: "QPP_MISSING_FUNCTION",
      plugin: "(host)",
      requiredBy: ["(host)"],
      missing: "doMul",
      message:
        'plugin "(host)" requires function "qpp_srv.doMul", which the contract of the loaded "qpp_srv" does not declare; ' +
        "the two were made for different versions of it",
    });
  });

  test("using what is not loaded", () => {
    const { container } = createTestContainer();
    expect(thrown(() => container.use(machine))).toStrictEqual({
      ...nobody,
      name: "MissingRequirementError",
      code: "QPP_MISSING_REQUIREMENT",
      plugin: "(host)",
      requiredBy: ["(host)"],
      missing: "machine",
      message:
        'plugin "(host)" requires "machine", which is not loaded ((host) -> machine); add "machine" to what is loaded',
    });
  });

  test("functions and values of a plugin that is gone", async () => {
    const shop = contract("shop", {
      functions: { buy: fn<() => void>() },
      values: { goods: value<number[]>() },
    });
    const { container, load } = createTestContainer();
    await load(plugin(shop, { install: () => ({ buy: () => {}, goods: [] }) }));
    const imports = container.use(shop);
    const { buy } = imports;
    container.uninstall("shop");
    const gone = { ...nobody, name: "PluginGoneError", code: "QPP_PLUGIN_GONE", plugin: "shop" };
    expect(buy).toThrow(PluginGoneError);
    expect(thrown(buy)).toStrictEqual({
      ...gone,
      message: 'function "shop.buy" cannot be called: plugin "shop" has been uninstalled',
    });
    expect(thrown(() => imports.goods)).toStrictEqual({
      ...gone,
      message: 'value "shop.goods" is not there: plugin "shop" has been uninstalled',
    });
  });
});
