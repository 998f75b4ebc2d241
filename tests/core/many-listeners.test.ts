import { type Container, callback, contract, type Imports, type OwnedCallback, plugin } from "@qpp/core";
import { createTestContainer } from "@qpp/core/testing";
import fc from "fast-check";
import type { Subscription } from "rxjs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { numRuns } from "./num-runs.js";

const wide = contract("wide", {
  callbacks: {
    on: callback<[value: number]>(),
    sum: callback<[value: number], number>({ combine: "sum" }),
  },
});

/** Something that a listener does when it is called next. */
type Deed = { kind: "remove" | "add" | "throw" | "nest"; by: number; whom: number };

const deed = fc.record<Deed>({
  kind: fc.constantFrom("remove", "add", "throw", "nest"),
  by: fc.nat(),
  whom: fc.nat(),
});
const step = fc.record({
  change: fc.constantFrom("none", "add", "add to Rx", "remove"),
  whom: fc.nat(),
  deeds: fc.array(deed, { maxLength: 2 }),
  // Enough to have code generated, now and then.
  runs: fc.constantFrom(1, 2, 70),
});

interface Own {
  readonly on: OwnedCallback<[number]>;
  readonly sum: OwnedCallback<[number], number, number>;
}

async function wired(): Promise<{ own: Own; imported: Imports<typeof wide>; container: Container }> {
  let own: Own | undefined;
  let imported: Imports<typeof wide> | undefined;
  const { container, load } = createTestContainer({ onFault: "report" });
  await load(
    plugin(wide, {
      install({ callbacks }) {
        own = callbacks;
      },
    }),
    plugin("user", {
      requires: { wide },
      install(context) {
        imported = context.wide;
      },
    }),
  );
  if (!own || !imported) throw new Error("not installed");
  return { own, imported, container };
}

test("many listeners are called as a plain list of them would be, whatever they do", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 28, max: 110 }),
      fc.array(step, { maxLength: 12 }),
      async (size, steps) => {
        const { own, imported } = await wired();
        // The model: who is there, in order.
        let present: number[] = [];
        const subscriptions = new Map<number, Subscription>();
        let calls: number[] = [];
        let pending: Deed[] = [];
        let born = 0;

        const add = (rx: boolean): void => {
          if (present.length === 256) return;
          const id = born++;
          const heard = (value: number): void => {
            calls.push(id);
            if (value === 1) act(id);
          };
          const subscription = rx
            ? imported.on.subscribe(([value]) => heard(value))
            : imported.on.register(heard);
          subscriptions.set(id, subscription);
          present.push(id);
        };
        const remove = (whom: number): void => {
          const id = present[whom % Math.max(present.length, 1)];
          if (id === undefined) return;
          subscriptions.get(id)?.unsubscribe();
          present = present.filter((other) => other !== id);
        };
        const act = (id: number): void => {
          const mine = pending.filter(({ by }) => by % (born + 1) === id);
          pending = pending.filter((other) => !mine.includes(other));
          for (const { kind, whom } of mine) {
            if (kind === "remove") remove(whom);
            else if (kind === "add") add(false);
            else if (kind === "nest") {
              const outer = calls;
              calls = [];
              own.on.run(0);
              expect(calls).toEqual(present);
              calls = outer;
            } else throw new Error("on purpose");
          }
        };

        for (let i = 0; i < size; i++) add(false);
        for (const { change, whom, deeds, runs } of steps) {
          if (change === "remove") remove(whom);
          else if (change !== "none") add(change === "add to Rx");
          for (let i = 0; i < runs; i++) {
            pending = [...deeds];
            const before = [...present];
            calls = [];
            own.on.run(1);
            // Called: all that were there and have not been removed before their turn, in order; nobody twice.
            const [called, still] = [new Set(calls), new Set(present)];
            expect(calls).toEqual(before.filter((id) => called.has(id)));
            expect(before.filter((id) => still.has(id) && !called.has(id))).toEqual([]);
          }
          calls = [];
          own.on.run(0);
          expect(calls).toEqual(present);
        }
      },
    ),
    { numRuns: numRuns(25) },
  );
});

test("one that has been removed is not called any more, however far away in the run it is", async () => {
  for (const warm of [1, 100]) {
    const { own, imported } = await wired();
    const calls: number[] = [];
    const subscriptions = Array.from({ length: 100 }, (_, k) =>
      imported.on.register((value) => {
        calls.push(k);
        if (value === 1 && k === 5) subscriptions[95]?.unsubscribe();
      }),
    );
    for (let i = 0; i < warm; i++) own.on.run(0);
    calls.length = 0;
    own.on.run(1);
    expect(calls).toEqual(Array.from({ length: 100 }, (_, k) => k).filter((k) => k !== 95));
  }
});

test("results of many listeners combine, one that throws left out", async () => {
  const { own, imported } = await wired();
  for (let k = 0; k < 100; k++) {
    imported.sum.register((value) => {
      if (value === 1 && k % 40 === 39) throw new Error("on purpose");
      return k;
    });
  }
  for (let i = 0; i < 200; i++) {
    expect(own.sum.run(0)).toBe(4950);
    expect(own.sum.run(1)).toBe(4950 - 39 - 79);
  }
});

describe("whichever way the runs of many listeners go", () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each([
    ["with generated code", false],
    ["where code generation is forbidden", true],
  ])(
    "the arguments arrive as they were given, in number too, and runs are counted: %s",
    async (_, forbidden) => {
      if (forbidden) {
        vi.stubGlobal("Function", function forbid() {
          throw new EvalError("Code generation from strings disallowed for this context");
        });
      }
      const { own, imported, container } = await wired();
      container.countRuns();
      const run = own.on.run as (...args: number[]) => void;
      const heard: number[][] = [];
      for (let k = 0; k < 40; k++) imported.on.register((...args) => void heard.push([k, ...args]));
      let runs = 0;
      // Enough in a row to have code generated for the one number of arguments, and then for the other.
      for (const [times, args] of [
        [150, [1]],
        [1, [2, 3]],
        [1, [4]],
        [600, [5, 6]],
        [1, []],
      ] as const) {
        for (let i = 0; i < times; i++) {
          heard.length = 0;
          run(...args);
          runs++;
          expect(heard).toEqual(Array.from({ length: 40 }, (_, k) => [k, ...args]));
        }
      }
      expect(container.get("wide")?.callbacks[0]?.runs).toBe(runs);
    },
  );

  test("one that comes when code has been generated for the others is called after them", async () => {
    const { own, imported } = await wired();
    let calls: number[] = [];
    const expected: number[] = [];
    const add = (): void => {
      const k = expected.length;
      imported.on.register(() => void calls.push(k));
      expected.push(k);
    };
    for (let k = 0; k < 40; k++) add();
    for (let more = 0; more < 3; more++) {
      for (let i = 0; i < 100; i++) {
        calls = [];
        own.on.run(i);
        expect(calls).toEqual(expected);
      }
      add();
    }
  });

  test("one that is removed by a newcomer is not called, though code was generated for it long ago", async () => {
    const { own, imported } = await wired();
    const calls: number[] = [];
    const subscriptions = Array.from({ length: 64 }, (_, k) =>
      imported.on.register((value) => {
        calls.push(k);
        if (value === 1 && k === 5) subscriptions[50]?.unsubscribe();
      }),
    );
    for (let i = 0; i < 200; i++) own.on.run(0);
    subscriptions[0]?.unsubscribe();
    for (let i = 0; i < 3; i++) own.on.run(0);
    calls.length = 0;
    own.on.run(1);
    expect(calls).toEqual(Array.from({ length: 64 }, (_, k) => k).filter((k) => k !== 0 && k !== 50));
  });

  test.each([[20], [100]])(
    "the rest of a run that was broken off gets the same arguments: %i",
    async (size) => {
      const { own, imported } = await wired();
      const heard: unknown[][] = [];
      let broken = false;
      for (let k = 0; k < size; k++) {
        imported.on.register((...args) => {
          heard.push([k, ...args]);
          if (broken && k === 3) imported.on.register(() => {}).unsubscribe();
          if (broken && k === 7) throw new Error("on purpose");
        });
      }
      for (let i = 0; i < 100; i++) own.on.run(7);
      broken = true;
      heard.length = 0;
      own.on.run(7);
      expect(heard).toEqual(Array.from({ length: size }, (_, k) => [k, 7]));
    },
  );

  test("when most of them have gone, the others are still called in order", async () => {
    const { own, imported } = await wired();
    let calls: number[] = [];
    const subscriptions = Array.from({ length: 224 }, (_, k) =>
      imported.on.register(() => void calls.push(k)),
    );
    for (let i = 0; i < 100; i++) own.on.run(i);
    let left = subscriptions.map((_, k) => k);
    // Not all at once: those that are next to each other stay together as long as they can.
    for (let group = 0; group < 7; group++) {
      const leaving = left.filter((k) => Math.floor(k / 32) === group && k % 32 > 5);
      for (const k of leaving) subscriptions[k]?.unsubscribe();
      left = left.filter((k) => !leaving.includes(k));
      for (let i = 0; i < 100; i++) {
        calls = [];
        own.on.run(i);
        expect(calls).toEqual(left);
      }
    }
  });
});
