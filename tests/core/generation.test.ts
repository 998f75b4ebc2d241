import { type Callback, callback, contract, type OwnedCallback, plugin } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import type { Subscription } from "rxjs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

// When code is generated for the listeners of a callback, and how it reads: often enough to be quick, seldom enough to be worth it.

const src = contract("src", {
  callbacks: { on: callback<[number, number?]>(), sum: callback<[number], number>({ combine: "sum" }) },
});

interface World {
  readonly on: OwnedCallback<[number, number?]>;
  readonly sum: OwnedCallback<[number], number, number>;
  readonly heard: Callback<[number, number?]>;
  readonly asked: Callback<[number], number>;
  countRuns(): void;
}

async function world(): Promise<World> {
  let own: { on: World["on"]; sum: World["sum"] } | undefined;
  const { container, load } = createTestContainer({ onFault: "report" });
  await load(
    plugin(src, {
      install({ callbacks }) {
        own = callbacks;
      },
    }),
  );
  if (!own) throw new Error("not installed");
  const { on: heard, sum: asked } = container.use(src);
  return { ...own, heard, asked, countRuns: () => container.countRuns() };
}

/** What was generated since it was last looked at: its name, and its text. */
let generated: [name: string, text: string][] = [];

beforeEach(() => {
  generated = [];
  const Real = globalThis.Function;
  vi.stubGlobal("Function", function generating(...source: string[]) {
    const [, text = "", name = ""] =
      /^"use strict";\n(.*)\n\/\/# sourceURL=qpp:(.*)\/\d+$/s.exec(source.at(-1) ?? "") ?? [];
    generated.push([name, text]);
    return new Real(...source);
  });
});

afterEach(() => vi.unstubAllGlobals());

function names(): string[] {
  return generated.splice(0).map(([name]) => name);
}

/** Runs so often, and tells in which of the runs what was generated. */
function runs(times: number, run: () => void): Record<number, string[]> {
  const told: Record<number, string[]> = {};
  for (let i = 1; i <= times; i++) {
    run();
    const fresh = names();
    if (fresh.length > 0) told[i] = fresh;
  }
  return told;
}

const listener = (): void => {};

describe("code is generated", () => {
  test("for `run` when it is first asked for, and for nobody in particular while nobody listens", async () => {
    const { on } = await world();
    expect(names()).toEqual([]);
    expect(runs(100, () => on.run(1))).toEqual({ 1: ["src.on/run"] });
  });

  test("for few listeners soon, and after a change when they have stayed for a while", async () => {
    const { on, heard } = await world();
    heard.register(listener);
    expect(runs(200, () => on.run(1))).toEqual({ 1: ["src.on/run"], 4: ["src.on/1"] });
    const second = heard.register(listener);
    expect(runs(200, () => on.run(1))).toEqual({ 64: ["src.on/1"] });
    second.unsubscribe();
    expect(runs(63, () => on.run(1))).toEqual({});
    heard.subscribe();
    expect(runs(200, () => on.run(1))).toEqual({ 64: ["src.on/1"] });
  });

  test("for as many as make up one chunk as for few, and for one more as for many", async () => {
    const { on, heard } = await world();
    const open = Array.from({ length: 32 }, () => heard.register(listener));
    expect(runs(100, () => on.run(1))).toEqual({ 1: ["src.on/run"], 4: ["src.on/1"] });
    heard.register(listener);
    expect(runs(100, () => on.run(1))).toEqual({ 65: ["src.on/1/chunk", "src.on/1/chunk"] });
    open[0]?.unsubscribe();
    expect(runs(100, () => on.run(1))).toEqual({ 64: ["src.on/1"] });
  });

  test("anew for another number of arguments, each time later", async () => {
    const { on, heard } = await world();
    heard.register(listener);
    runs(10, () => on.run(1));
    expect(runs(100, () => on.run(1, 2))).toEqual({ 8: ["src.on/2"] });
    expect(runs(100, () => on.run(1))).toEqual({ 16: ["src.on/1"] });
    expect(runs(100, () => on.run(1, 2))).toEqual({ 32: ["src.on/2"] });
    on.run(1);
    expect(runs(100, () => on.run(1, 2))).toEqual({});
  });

  test("for many listeners in chunks, and only for those where somebody has come or gone", async () => {
    const { on, heard } = await world();
    const open: Subscription[] = [];
    for (let k = 0; k < 40; k++) open.push(heard.register(listener));
    expect(runs(200, () => on.run(1))).toEqual({
      1: ["src.on/run"],
      65: ["src.on/1/chunk", "src.on/1/chunk"],
    });
    open[20]?.unsubscribe();
    expect(runs(200, () => on.run(1))).toEqual({ 65: ["src.on/1/chunk"] });
    heard.register(listener);
    expect(runs(200, () => on.run(1))).toEqual({ 65: ["src.on/1/chunk"] });
    // Down to what makes up one chunk.
    for (const each of open.slice(0, 10)) each.unsubscribe();
    expect(runs(200, () => on.run(1))).toEqual({ 64: ["src.on/1"] });
    for (let k = 0; k < 20; k++) heard.register(listener);
    expect(runs(200, () => on.run(1))).toEqual({ 65: ["src.on/1/chunk", "src.on/1/chunk"] });
  });

  test("for many listeners and another number of arguments at once, chunk by chunk", async () => {
    const { on, heard } = await world();
    for (let k = 0; k < 33; k++) heard.register(listener);
    runs(100, () => on.run(1));
    expect(runs(200, () => on.run(1, 2))).toEqual({ 66: ["src.on/2/chunk", "src.on/2/chunk"] });
  });

  test("anew for all, when so many have gone that most chunks are nearly empty", async () => {
    const { on, heard } = await world();
    const open = Array.from({ length: 224 }, () => heard.register(listener));
    expect(runs(200, () => on.run(1))[65]).toHaveLength(7);
    const left = [6, 5, 4, 3, 2, 1, 0].map((group) => {
      for (const each of open.slice(group * 32 + 6, group * 32 + 32)) each.unsubscribe();
      return runs(200, () => on.run(1))[65]?.length;
    });
    // After the fifth there are 94 in seven chunks, where three would do.
    expect(left).toEqual([1, 1, 1, 1, 3, 1, 1]);
  });

  test("for newcomers with those before them, unless these fill a chunk", async () => {
    const { on, heard } = await world();
    for (let k = 0; k < 40; k++) heard.register(listener);
    const added = Array.from({ length: 24 }, () => {
      const told = runs(100, () => on.run(1));
      heard.register(listener);
      return told[65]?.length;
    });
    expect(added).toEqual([2, ...Array.from({ length: 23 }, () => 1)]);
    expect(runs(100, () => on.run(1))).toEqual({ 65: ["src.on/1/chunk"] });
    // Two chunks of 32 stay as they are.
    heard.register(listener);
    expect(runs(100, () => on.run(1))).toEqual({ 65: ["src.on/1/chunk"] });
  });

  test("not anew for all as long as there are no more than twice as many chunks as need be", async () => {
    const { on, heard } = await world();
    const open = Array.from({ length: 128 }, () => heard.register(listener));
    runs(100, () => on.run(1));
    const left = [0, 1, 2, 3].map((group) => {
      for (const each of open.slice(group * 32 + 16, group * 32 + 32)) each.unsubscribe();
      return runs(100, () => on.run(1))[65]?.length;
    });
    expect(left).toEqual([1, 1, 1, 1]);
  });

  test("for a chunk behind one that a single listener is left in", async () => {
    const { on, heard } = await world();
    const calls: number[] = [];
    const open = Array.from({ length: 96 }, (_, k) => heard.register(() => void calls.push(k)));
    runs(100, () => on.run(1));
    for (const each of open.slice(1, 32)) each.unsubscribe();
    runs(100, () => on.run(1));
    open[40]?.unsubscribe();
    expect(runs(100, () => on.run(1))).toEqual({ 65: ["src.on/1/chunk"] });
    calls.length = 0;
    on.run(1);
    expect(calls).toEqual([0, ...Array.from({ length: 64 }, (_, k) => k + 32).filter((k) => k !== 40)]);
  });

  test("never again for a callback for which it is forbidden", async () => {
    const { on, heard } = await world();
    let tries = 0;
    vi.stubGlobal("Function", function forbidden() {
      tries++;
      throw new EvalError("Code generation from strings disallowed for this context");
    });
    heard.register(listener);
    for (let i = 0; i < 1000; i++) on.run(i);
    expect(tries).toBe(2);
  });
});

describe("the code that is generated", () => {
  /** The texts of what was generated under this name. */
  const texts = (name: string): string[] =>
    generated.filter(([each]) => each === name).map(([, text]) => text);

  test("calls few listeners one after the other, with one tuple for those that come through Rx", async () => {
    const { on, heard } = await world();
    const tuples: unknown[] = [];
    heard.register(listener);
    for (let k = 0; k < 2; k++) heard.subscribe((tuple) => tuples.push(tuple));
    for (let i = 0; i < 5; i++) on.run(1, 2);
    expect(texts("src.on/2")).toMatchInlineSnapshot(`
      [
        "const f0 = listeners[0].call, f1 = listeners[1].subscriber, f2 = listeners[2].subscriber;
          
          return function dispatch(count, a0, a1, a2, a3, a4, a5, a6, a7) {
            if (count !== 2) return hub.cold(count, [a0, a1, a2, a3, a4, a5, a6, a7]);
            let at = 0, r, tuple, sum;
            out: {
              try {
                r = f0(a0, a1); if (typeof r === "object" && r !== null) hub.returned(listeners[0], r); if (hub.dispatch !== dispatch) break out;
                at = 1; tuple = [a0, a1]; f1.next(tuple); if (hub.dispatch !== dispatch) break out;
                at = 2; f2.next(tuple); if (hub.dispatch !== dispatch) break out;
                return ;
              } catch (cause) {
                hub.failed(listeners[at], cause);
              }
            }
            return hub.resume(listeners, at + 1, [a0, a1], sum);
          };",
      ]
    `);
    expect(tuples.at(-1)).toBe(tuples.at(-2));
    expect(on.run.toString()).toMatchInlineSnapshot(`
      "function run(a0, a1, a2, a3, a4, a5, a6, a7) {
            const dispatch = hub.dispatch;
            if (dispatch !== undefined) return dispatch(arguments.length, a0, a1, a2, a3, a4, a5, a6, a7);
            if (hub.size === 0) return ;
            return hub.cold(arguments.length, [a0, a1, a2, a3, a4, a5, a6, a7]);
          }"
    `);
    expect(Object.getOwnPropertyDescriptor(on, "run")).toMatchObject({ value: on.run, enumerable: true });
  });

  test.each([
    [1, /^at dispatch /],
    [40, /^at Object\.chunk /],
  ])("is what calls, once it is there: %i listeners", async (count, expected) => {
    const { on, heard } = await world();
    let caller: string | undefined;
    for (let k = 0; k < count; k++) {
      heard.register(() => {
        caller = new Error("who calls?").stack?.split("\n")[2]?.trim();
      });
    }
    for (let i = 0; i < 200; i++) on.run(1);
    expect(caller).toMatch(expected);
  });

  test("adds up the results", async () => {
    const { sum, asked } = await world();
    for (let k = 0; k < 2; k++) asked.register((x) => x * k);
    for (let i = 0; i < 5; i++) sum.run(1);
    expect(texts("src.sum/1")).toMatchInlineSnapshot(`
      [
        "const f0 = listeners[0].call, f1 = listeners[1].call, step = hub.combiner.step;
          const start = hub.combiner.start, finish = hub.combiner.finish;
          return function dispatch(count, a0, a1, a2, a3, a4, a5, a6, a7) {
            if (count !== 1) return hub.cold(count, [a0, a1, a2, a3, a4, a5, a6, a7]);
            let at = 0, r, tuple, sum = start();
            out: {
              try {
                sum = step(sum, f0(a0)); if (hub.dispatch !== dispatch) break out;
                at = 1; sum = step(sum, f1(a0)); if (hub.dispatch !== dispatch) break out;
                return finish(sum);
              } catch (cause) {
                hub.failed(listeners[at], cause);
              }
            }
            return hub.resume(listeners, at + 1, [a0], sum);
          };",
      ]
    `);
    expect(sum.run.toString()).toMatchInlineSnapshot(`
      "function run(a0, a1, a2, a3, a4, a5, a6, a7) {
            const dispatch = hub.dispatch;
            if (dispatch !== undefined) return dispatch(arguments.length, a0, a1, a2, a3, a4, a5, a6, a7);
            if (hub.size === 0) return hub.nobody();
            return hub.cold(arguments.length, [a0, a1, a2, a3, a4, a5, a6, a7]);
          }"
    `);
  });

  test("counts the runs if somebody wants to know", async () => {
    const { on, heard, countRuns } = await world();
    countRuns();
    heard.register(listener);
    for (let i = 0; i < 5; i++) on.run(1);
    expect(texts("src.on/1")).toMatchInlineSnapshot(`
      [
        "const f0 = listeners[0].call;
          
          return function dispatch(count, a0, a1, a2, a3, a4, a5, a6, a7) {
            hub.counter.runs++;
            if (count !== 1) return hub.cold(count, [a0, a1, a2, a3, a4, a5, a6, a7]);
            let at = 0, r, tuple, sum;
            out: {
              try {
                r = f0(a0); if (typeof r === "object" && r !== null) hub.returned(listeners[0], r); if (hub.dispatch !== dispatch) break out;
                return ;
              } catch (cause) {
                hub.failed(listeners[at], cause);
              }
            }
            return hub.resume(listeners, at + 1, [a0], sum);
          };",
      ]
    `);
  });

  test("calls the listeners of a chunk, and tells how far it came", async () => {
    const { on, heard } = await world();
    for (let k = 0; k < 34; k++) heard.register(listener);
    for (let i = 0; i < 65; i++) on.run(1, 2);
    expect(texts("src.on/2/chunk").at(-1)).toMatchInlineSnapshot(`
      "const f0 = listeners[0].call, f1 = listeners[1].call;
          return function chunk(sum, a0, a1) {
            const version = hub.version;
            let at = 0, r, tuple;
            out: {
              try {
                r = f0(a0, a1); if (typeof r === "object" && r !== null) hub.returned(listeners[0], r); if (hub.version !== version) break out;
                at = 1; r = f1(a0, a1); if (typeof r === "object" && r !== null) hub.returned(listeners[1], r); if (hub.version !== version) break out;
                return sum;
              } catch (cause) {
                hub.failed(listeners[at], cause);
              }
            }
            hub.stopped = at + 1;
            return sum;
          };"
    `);
  });
});
