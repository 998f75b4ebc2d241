import {
  CapacityError,
  callback,
  contract,
  type Imports,
  NotOwnerError,
  type OwnedCallback,
  PluginGoneError,
  plugin,
} from "@qpp/core";
import { createTestContainer, type TestContainer } from "@qpp/core/testing";
import fc from "fast-check";
import { debounceTime, filter, map, merge, of, Subject, switchMap, take, tap } from "rxjs";
import { afterEach, expect, test, vi } from "vitest";
import { numRuns } from "./num-runs.js";

const src = contract("src", {
  callbacks: {
    on: callback<[x: number, y?: string]>({ capacity: 5 }),
    wide: callback<[number, number, number, number, number, number, number, number]>(),
    any: callback<[x: number], boolean>({ combine: "any" }),
    all: callback<[x: number], boolean>({ combine: "all" }),
    sum: callback<[x: number], number>({ combine: "sum" }),
    first: callback<[x: number], string | undefined>({ combine: "first" }),
    list: callback<[x: number], readonly number[]>({ combine: (results) => results.flat() }),
  },
});

interface World extends TestContainer {
  readonly own: {
    readonly on: OwnedCallback<[x: number, y?: string]>;
    readonly wide: OwnedCallback<[number, number, number, number, number, number, number, number]>;
    readonly any: OwnedCallback<[x: number], boolean, boolean>;
    readonly all: OwnedCallback<[x: number], boolean, boolean>;
    readonly sum: OwnedCallback<[x: number], number, number>;
    readonly first: OwnedCallback<[x: number], string | undefined, string | undefined>;
    readonly list: OwnedCallback<[x: number], readonly number[], readonly number[]>;
  };
  readonly ann: Imports<typeof src>;
  readonly bea: Imports<typeof src>;
}

/** The owner, and two consumers named ann and bea. */
async function world(onFault: "uninstall" | "abort" | "report" = "uninstall"): Promise<World> {
  const base = createTestContainer({ onFault });
  let own: World["own"] | undefined;
  const imports: Imports<typeof src>[] = [];
  const consumer = (name: string) =>
    plugin(name, { requires: { src }, install: (context) => void imports.push(context.src) });
  const owner = plugin(src, {
    install({ callbacks }) {
      own = callbacks;
    },
  });
  await base.load(owner, consumer("ann"), consumer("bea"));
  const [ann, bea] = imports;
  if (!own || !ann || !bea) throw new Error("not installed");
  return { ...base, own, ann, bea };
}

/** Enough runs for a dispatcher to be generated and used. */
const MANY = 60;

afterEach(() => {
  vi.unstubAllGlobals();
});

test("both lanes count towards the capacity; one too many is a typed error, and the earlier ones stay", async () => {
  const { own, ann, bea, faults, container } = await world();
  const heard: number[] = [];
  for (let i = 0; i < 3; i++) ann.on.register((x) => heard.push(x * 10 + i));
  for (let i = 3; i < 5; i++) ann.on.subscribe(([x]) => heard.push(x * 10 + i));
  expect(ann.on.capacity).toBe(5);
  expect(ann.on.size).toBe(5);
  let thrown: unknown;
  try {
    bea.on.register(() => {});
  } catch (cause) {
    thrown = cause;
  }
  expect(thrown).toBeInstanceOf(CapacityError);
  expect(thrown).toMatchObject({ code: "QPP_CAPACITY", plugin: "bea", callback: "src.on", capacity: 5 });
  let errored: unknown;
  bea.on.subscribe({ error: (cause: unknown) => (errored = cause) });
  expect(errored).toMatchObject({ code: "QPP_CAPACITY" });
  own.on.run(7);
  expect(heard).toEqual([70, 71, 72, 73, 74]);
  expect(faults).toEqual([]);
  bea.on.subscribe();
  expect(faults).toMatchObject([{ plugin: "bea", callback: "src.on", cause: { code: "QPP_CAPACITY" } }]);
  expect(container.get("bea")).toBeUndefined();
});

test("a consumer cannot run a callback, even by force", async () => {
  const { ann, own, faults } = await world();
  const forced = ann.on as unknown as typeof own.on;
  expect(() => forced.run(1)).toThrow(NotOwnerError);
  expect(() => forced.run(1)).toThrow(/plugin "ann" cannot run callback "src.on"/);
  expect(forced.next).toBeUndefined();
  expect(faults).toEqual([]);
});

test("one takes back one's own registrations only", async () => {
  const { own, ann, bea } = await world();
  let calls = 0;
  const shared = (): void => {
    calls++;
  };
  ann.on.register(shared);
  expect(bea.on.remove(shared)).toBe(false);
  bea.on.register(shared);
  bea.on.register(shared);
  expect([bea.on.remove(shared), ann.on.remove(shared), ann.on.remove(shared)]).toEqual([true, true, false]);
  own.on.run(1);
  expect(calls).toBe(1);
});

test("the arguments arrive as they were given, in number too, whichever way a run goes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: 8 }), fc.integer({ min: 1, max: 40 })), { maxLength: 12 }),
      async (bursts) => {
        const { own, ann } = await world();
        const direct: unknown[][] = [];
        const streamed: unknown[][] = [];
        ann.wide.register((...args) => void direct.push(args));
        ann.wide.subscribe((args) => streamed.push([...args]));
        const run = own.wide.run as (...args: unknown[]) => void;
        const expected: unknown[][] = [];
        for (const [count, times] of bursts) {
          for (let i = 0; i < times; i++) {
            const args = Array.from({ length: count }, (_, j) => i * 10 + j);
            expected.push(args);
            run(...args);
          }
        }
        expect(direct).toEqual(expected);
        expect(streamed).toEqual(expected);
      },
    ),
    { numRuns: numRuns(60) },
  );
});

test("more than eight arguments are refused", async () => {
  const { own, ann } = await world();
  ann.wide.register(() => {});
  const run = own.wide.run as (...args: unknown[]) => void;
  expect(() => run(1, 2, 3, 4, 5, 6, 7, 8, 9)).toThrow(/was run with 9 arguments; it takes 8 at most/);
});

test.each([[false], [true]])(
  "where nobody listens nothing is refused; code generation forbidden: %j",
  async (forbidden) => {
    if (forbidden) {
      vi.stubGlobal("Function", function forbid() {
        throw new EvalError("Code generation from strings disallowed for this context");
      });
    }
    const { own } = await world();
    const run = own.wide.run as (...args: unknown[]) => unknown;
    expect(run(1, 2, 3, 4, 5, 6, 7, 8, 9)).toBeUndefined();
  },
);

test("a stream can be fed into an own callback, and `run` can be taken off", async () => {
  const { own, ann } = await world();
  const heard: unknown[] = [];
  ann.on.register((...args) => void heard.push(args));
  of<[number, string][]>([1, "a"], [2, "b"]).subscribe(own.on);
  const { run } = own.on;
  run(3);
  expect(heard).toEqual([[1, "a"], [2, "b"], [3]]);
});

test("a fault names plugin, callback and cause, and disturbs nobody", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 4 }), fc.nat({ max: MANY }), fc.boolean(), async (which, when, rx) => {
      const { own, ann, bea, faults, aborts, container } = await world("report");
      const heard: string[] = [];
      const boom = new Error("boom");
      for (let i = 0; i < 5; i++) {
        const listener = (x: number): void => {
          heard.push(`${i} ${x}`);
          if (i === which && x === when) throw boom;
        };
        const consumer = i === which ? bea : ann;
        if (rx) consumer.on.subscribe(([x]) => listener(x));
        else consumer.on.register(listener);
      }
      for (let x = 0; x <= MANY; x++) own.on.run(x);
      expect(heard).toEqual(
        Array.from({ length: 5 * (MANY + 1) }, (_, j) => `${j % 5} ${Math.floor(j / 5)}`),
      );
      expect(faults).toEqual([
        {
          plugin: "bea",
          callback: "src.on",
          cause: boom,
          at: undefined,
          lost: [],
          where: `${rx ? "stream of " : ""}callback "src.on"`,
          message: expect.stringContaining("boom"),
        },
      ]);
      expect(aborts).toEqual([]);
      expect(container.get("bea")).toBeDefined();
    }),
    { numRuns: numRuns(60) },
  );
});

test("the policies: uninstall takes the plugin out at once, abort tells the host to stop", async () => {
  const first = await world("uninstall");
  let calls = 0;
  first.bea.on.register(() => {
    throw new Error("boom");
  });
  first.bea.on.register(() => void calls++);
  first.own.on.run(1);
  expect(calls).toBe(0);
  expect(first.container.get("bea")).toBeUndefined();
  expect(first.ann.on.size).toBe(0);

  const second = await world("abort");
  second.bea.on.register(() => {
    throw new Error("boom");
  });
  second.bea.on.register(() => void calls++);
  second.own.on.run(1);
  expect(calls).toBe(1);
  expect(second.aborts).toEqual(second.faults);
  expect(second.aborts).toHaveLength(1);
});

test("a rejected promise of a listener is a fault, on both lanes", async () => {
  for (const rx of [false, true]) {
    for (const runs of [1, MANY]) {
      const { own, ann, faults, container } = await world();
      let count = 0;
      const listener = async (): Promise<void> => {
        if (++count === runs) throw new Error("later");
      };
      if (rx) ann.on.subscribe(listener);
      else ann.on.register(listener);
      for (let i = 0; i < runs; i++) own.on.run(i);
      expect(faults).toEqual([]);
      await Promise.resolve();
      await Promise.resolve();
      const where = rx ? 'stream of callback "src.on"' : 'callback "src.on"';
      expect(faults).toMatchObject([
        { plugin: "ann", callback: "src.on", where, cause: { message: "later" } },
      ]);
      expect(container.get("ann")).toBeUndefined();
    }
  }
});

test("an error in an operator is the fault of the consumer, unless it takes it", async () => {
  const { own, ann, bea, faults } = await world("report");
  const fail = map((): number => {
    throw new Error("in an operator");
  });
  const taken: unknown[] = [];
  ann.on.pipe(fail).subscribe({ error: (cause: unknown) => taken.push(cause) });
  bea.on
    .pipe(filter(() => true))
    .pipe(fail)
    .subscribe(() => {});
  own.on.run(1);
  expect(taken).toMatchObject([{ message: "in an operator" }]);
  expect(faults).toMatchObject([
    {
      plugin: "bea",
      callback: "src.on",
      where: 'stream of callback "src.on"',
      cause: { message: "in an operator" },
    },
  ]);
});

test("what an observer throws at an error or at the end is a fault too", async () => {
  const { own, ann, bea, container, faults } = await world("report");
  ann.on.pipe(tap(() => JSON.parse("{"))).subscribe({
    error() {
      throw new Error("in error");
    },
  });
  bea.on.pipe(take(1)).subscribe({
    complete() {
      throw new Error("in complete");
    },
  });
  own.on.run(1);
  expect(faults.map(({ plugin, cause }) => [plugin, (cause as Error).message])).toEqual([
    ["ann", "in error"],
    ["bea", "in complete"],
  ]);
  container.uninstall("src");
});

test("an operator written by hand is guarded like those of RxJS", async () => {
  const { own, ann, faults } = await world();
  const plain = new Subject<number>();
  ann.on
    .pipe((source) => {
      source.subscribe(([x]) => plain.next(x));
      return plain;
    })
    .subscribe(() => {
      throw new Error("at the end of it");
    });
  own.on.run(1);
  expect(faults).toMatchObject([{ plugin: "ann", cause: { message: "at the end of it" } }]);
});

test("subscriptions made by other operators' own subscribers end with the consumer as well", async () => {
  const { own, ann, container } = await world();
  const heard: unknown[] = [];
  merge(ann.on, ann.wide).subscribe((args) => heard.push(args));
  of(1)
    .pipe(switchMap(() => ann.on))
    .subscribe((args) => heard.push(args));
  own.on.run(1);
  expect(heard).toHaveLength(2);
  container.uninstall("ann");
  own.on.run(2);
  expect(heard).toHaveLength(2);
  expect(own.on.size).toBe(0);
  const late: unknown[] = [];
  merge(ann.on, ann.wide).subscribe({ error: (cause: unknown) => late.push(cause) });
  expect(late).toMatchObject([{ code: "QPP_PLUGIN_GONE", plugin: "ann" }]);
});

test("what operators hold back does not come after the consumer is gone", async () => {
  vi.useFakeTimers();
  try {
    const { own, ann, container } = await world();
    const heard: unknown[] = [];
    ann.on.pipe(debounceTime(10)).subscribe((args) => heard.push(args));
    own.on.run(1);
    container.uninstall("ann");
    vi.advanceTimersByTime(100);
    expect(heard).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test("a gone consumer cannot register any more", async () => {
  const { ann, container, faults } = await world();
  container.uninstall("ann");
  expect(() => ann.on.register(() => {})).toThrow(PluginGoneError);
  expect(() => ann.on.register(() => {})).toThrow(
    /cannot register on "src.on": plugin "ann" has been uninstalled/,
  );
  ann.on.pipe(take(1)).subscribe();
  expect(faults).toMatchObject([{ plugin: "ann", cause: { code: "QPP_PLUGIN_GONE" } }]);
});

test("when the owner is uninstalled the callback completes for those who are still there", async () => {
  const { own, container } = await world();
  const host = container.use(src);
  const heard: string[] = [];
  const direct = host.on.register((x) => void heard.push(`direct ${x}`));
  host.on
    .pipe(map(([x]) => x))
    .subscribe({ next: (x) => heard.push(`rx ${x}`), complete: () => heard.push("complete") });
  own.on.run(1);
  container.uninstall("src");
  own.on.run(2);
  own.on.next([3]);
  expect(heard).toEqual(["direct 1", "rx 1", "complete"]);
  expect(direct.closed).toBe(true);
  expect(host.on.register(() => {}).closed).toBe(true);
  host.on.subscribe({ complete: () => heard.push("complete at once") });
  expect(heard.at(-1)).toBe("complete at once");
  expect(host.on.size).toBe(0);
});

test("without listeners a callback with results returns what nothing combines to", async () => {
  const { own } = await world();
  expect([own.any.run(1), own.all.run(1), own.sum.run(1), own.first.run(1), own.list.run(1)]).toEqual([
    false,
    true,
    0,
    undefined,
    [],
  ]);
});

test("several results combine", async () => {
  const { own, ann, bea } = await world();
  for (const [i, { any, all, sum, first, list }] of [ann, bea, ann].entries()) {
    any.register((x) => x === i);
    all.register((x) => x >= i);
    sum.register((x) => x * i);
    first.register((x) => (i > 0 ? `${x} ${i}` : undefined));
    list.register((x) => [x, i]);
  }
  for (let n = 0; n < MANY; n++) {
    expect([own.any.run(2), own.any.run(3)]).toEqual([true, false]);
    expect([own.all.run(2), own.all.run(1)]).toEqual([true, false]);
    expect(own.sum.run(5)).toBe(15);
    expect(own.first.run(7)).toBe("7 1");
    expect(own.list.run(9)).toEqual([9, 0, 9, 1, 9, 2]);
  }
});

test("results combine as declared, on every way a run can go, and one that throws does not count", async () => {
  const answer = fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { maxLength: 8 }), fc.boolean(), async (answers, change) => {
      const { own, ann, faults } = await world("report");
      // undefined stands for a listener that throws
      const said = <T>(given: number | undefined, make: (x: number) => T): T => {
        if (given === undefined) throw new Error("no answer");
        return make(given);
      };
      for (const given of answers) {
        ann.any.register(() => said(given, (x) => x > 0));
        ann.all.register(() => said(given, (x) => x > 0));
        ann.sum.register(() => said(given, (x) => x));
        ann.first.register(() => said(given, (x) => (x > 0 ? `n${x}` : undefined)));
        ann.list.register(() => said(given, (x) => [x]));
      }
      // Rx subscribers listen along and have no say.
      for (const each of [ann.any, ann.all, ann.sum, ann.first, ann.list]) each.subscribe();
      const there = answers.filter((x) => x !== undefined);
      for (let i = 0; i < MANY; i++) {
        if (change && i % 25 === 24) ann.sum.register(() => 0).unsubscribe();
        expect(own.any.run(i)).toBe(there.some((x) => x > 0));
        expect(own.all.run(i)).toBe(there.every((x) => x > 0));
        expect(own.sum.run(i)).toBe(there.reduce((a, b) => a + b, 0));
        const first = there.find((x) => x > 0);
        expect(own.first.run(i)).toBe(first === undefined ? undefined : `n${first}`);
        expect(own.list.run(i)).toEqual(there);
      }
      expect(faults.length).toBe(MANY * 5 * (answers.length - there.length));
    }),
    { numRuns: numRuns(60) },
  );
});

test("more listeners than can be unrolled are called by the loop", async () => {
  const base = createTestContainer();
  const many = contract("many", { callbacks: { on: callback<[x: number]>({ capacity: 3000 }) } });
  let run: (x: number) => void = () => {};
  let total = 0;
  await base.load(
    plugin(many, {
      install({ callbacks }) {
        run = callbacks.on.run;
      },
    }),
    plugin("user", {
      requires: { many },
      install({ many }) {
        for (let i = 0; i < 2000; i++)
          many.on.register((x) => {
            total += x;
          });
      },
    }),
  );
  for (let i = 0; i < MANY; i++) run(1);
  expect(total).toBe(2000 * MANY);
});

test("where code generation is forbidden everything works by the loop", async () => {
  // As an engine does it under a strict content-security policy.
  vi.stubGlobal("Function", function forbidden() {
    throw new EvalError("Code generation from strings disallowed for this context");
  });
  const { own, ann, bea, faults, container } = await world();
  const heard: string[] = [];
  ann.on.register((x) => void heard.push(`a${x}`));
  bea.on.subscribe(([x]) => {
    heard.push(`b${x}`);
    if (x === MANY - 1) throw new Error("boom");
  });
  ann.any.register((x) => x === 1);
  expect(own.any.run(1)).toBe(true);
  expect(own.all.run(1)).toBe(true);
  for (let x = 0; x < MANY; x++) own.on.run(x);
  own.on.run(MANY);
  expect(heard).toHaveLength(2 * MANY + 1);
  expect(faults).toHaveLength(1);
  expect(container.get("bea")).toBeUndefined();
});

test("another failure of code generation is not taken for that", async () => {
  vi.stubGlobal("Function", function broken() {
    throw new SyntaxError("bad code");
  });
  const { own } = await world();
  expect(() => own.on.run).toThrow(SyntaxError);
});
